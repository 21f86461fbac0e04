// Interpolate the answer of GET /api/v1/sky/segments: a whole scene, at any frame rate, without
// asking again. No dependencies; nothing is allocated where an `out` array is given.
//
//   const sky = new Segments(await (await fetch("/api/v1/sky/segments?start=…&end=…")).json());
//   const mars = sky.vector("mars", sky.jdTt(julianDate(Date.now())), mars);
//
// Vectors are right-handed. A left-handed scene calls flipZ once for each, and nothing else.

const AU_KM = 149597870.7;
// WGS 84.
const EARTH_RADIUS_AU = 6378.137 / AU_KM;
const EARTH_FLATTENING = 1 / 298.257223563;
const ECCENTRICITY_SQUARED = EARTH_FLATTENING * (2 - EARTH_FLATTENING);
const TURN = 2 * Math.PI;

/** Return the Julian date (UTC) of milliseconds since 1970, as Date.now() gives them. */
export function julianDate(milliseconds) {
  return milliseconds / 86400000 + 2440587.5;
}

/** Negate z, in place: the one step from our right-handed frames to a left-handed scene. */
export function flipZ(vector) {
  vector[2] = -vector[2];
  return vector;
}

export class Segments {
  constructor(answer) {
    this.startJdTt = answer.start_jd_tt;
    this.endJdTt = answer.end_jd_tt;
    this.steps = answer.tt_minus_utc;
    this.series = new Map(answer.segments.map((segment) => [segment.code, segment]));
  }

  /** Return the Julian date in TT of one in UTC. */
  jdTt(jdUtc) {
    let found = this.steps[0];
    for (const step of this.steps) {
      if (step.from_jd_utc > jdUtc) break;
      found = step;
    }
    return jdUtc + found.seconds / 86400;
  }

  /** Return how far an interpolated value can be from the direct one, in the series' unit. */
  errorBound(code) {
    return this.#segment(code).error_bound;
  }

  /** Return the values of a series at jdTt: [x, y, z], or one angle. */
  vector(code, jdTt, out = []) {
    const segment = this.#segment(code);
    const position = (jdTt - segment.start_jd_tt) / segment.block_days;
    const last = segment.coefficients.length - 1;
    if (!(position >= 0 && position <= last + 1)) {
      throw new RangeError(`The segments of ${code} do not cover ${jdTt}.`);
    }
    const block = Math.min(Math.floor(position), last);
    const x = 2 * (position - block) - 1;
    const components = segment.coefficients[block];
    for (let each = 0; each < components.length; each += 1) {
      out[each] = clenshaw(components[each], x);
    }
    return out;
  }

  /** Return Greenwich apparent sidereal time, radians from 0 to 2 pi. */
  gast(jdTt) {
    return turned(this.vector("sidereal_time", jdTt)[0]);
  }

  /** Return where the Sun or the Moon stands in the zenith: {lon_rad, lat_rad}. */
  subpoint(code, jdTt) {
    const [x, y, z] = this.vector(`${code}_apparent`, jdTt);
    const east = turned(Math.atan2(y, x) - this.gast(jdTt) + Math.PI) - Math.PI;
    return { lon_rad: east, lat_rad: geodeticLatitude(Math.hypot(x, y), z) };
  }

  /** Return what GET /api/v1/sky/state answers; all series must be there. */
  state(jdTt) {
    const moon = this.vector("moon_apparent", jdTt);
    const heliocentric = {};
    for (const [code, segment] of this.series) {
      if (segment.origin === "sun") heliocentric[code] = this.vector(code, jdTt);
    }
    return {
      sun_au: [0, 0, 0],
      heliocentric_au: heliocentric,
      moon_geocentric_au: this.vector("moon", jdTt),
      moon_ra_rad: turned(Math.atan2(moon[1], moon[0])),
      moon_dec_rad: Math.atan2(moon[2], Math.hypot(moon[0], moon[1])),
      subsolar: this.subpoint("sun", jdTt),
      sublunar: this.subpoint("moon", jdTt),
      gast_rad: this.gast(jdTt),
    };
  }

  #segment(code) {
    const segment = this.series.get(code);
    if (!segment) throw new RangeError(`There are no segments of ${code}.`);
    return segment;
  }
}

function clenshaw(coefficients, x) {
  let value = 0;
  let after = 0;
  for (let order = coefficients.length - 1; order > 0; order -= 1) {
    const next = coefficients[order] + 2 * x * value - after;
    after = value;
    value = next;
  }
  return coefficients[0] + x * value - after;
}

function turned(angle) {
  return ((angle % TURN) + TURN) % TURN;
}

// The latitude whose vertical passes through the body: three steps are exact to 1e-12.
function geodeticLatitude(across, along) {
  let latitude = Math.atan2(along, across);
  for (let step = 0; step < 3; step += 1) {
    const sine = Math.sin(latitude);
    const curvature = EARTH_RADIUS_AU / Math.sqrt(1 - ECCENTRICITY_SQUARED * sine * sine);
    latitude = Math.atan2(along + curvature * ECCENTRICITY_SQUARED * sine, across);
  }
  return latitude;
}
