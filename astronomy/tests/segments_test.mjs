// Compares interpolated segments with direct answers of the API; both come in the file that
// SEGMENTS_VECTORS names.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { flipZ, julianDate, Segments } from "../static/astronomy/segments.js";

const vectors = JSON.parse(readFileSync(process.env.SEGMENTS_VECTORS, "utf8"));
const sky = new Segments(vectors.segments);

function distance(a, b) {
  return Math.hypot(...a.map((value, index) => value - b[index]));
}

function angle(a, b) {
  return Math.abs(Math.atan2(Math.sin(a - b), Math.cos(a - b)));
}

test("there is something to compare", () => {
  assert.ok(vectors.states.length >= 20);
  assert.ok(vectors.positions.length >= 20);
});

test("vectors stay inside the stated error", () => {
  for (const direct of vectors.states) {
    const found = sky.state(direct.jd_tt);
    assert.deepEqual(Object.keys(found.heliocentric_au).sort(), Object.keys(direct.heliocentric_au).sort());
    for (const [code, expected] of Object.entries(direct.heliocentric_au)) {
      assert.ok(distance(found.heliocentric_au[code], expected) <= sky.errorBound(code), code);
    }
    assert.ok(distance(found.moon_geocentric_au, direct.moon_geocentric_au) <= sky.errorBound("moon"));
  }
});

test("angles agree to a thousandth of an arcsecond", () => {
  const limit = 1e-8;
  for (const direct of vectors.states) {
    const found = sky.state(direct.jd_tt);
    assert.ok(angle(found.gast_rad, direct.gast_rad) <= sky.errorBound("sidereal_time"));
    assert.ok(angle(found.moon_ra_rad, direct.moon_ra_rad) <= limit);
    assert.ok(angle(found.moon_dec_rad, direct.moon_dec_rad) <= limit);
    for (const name of ["subsolar", "sublunar"]) {
      assert.ok(angle(found[name].lon_rad, direct[name].lon_rad) <= 2 * limit, name);
      assert.ok(angle(found[name].lat_rad, direct[name].lat_rad) <= limit, name);
    }
  }
});

test("apparent vectors stay inside the stated error of direct positions", () => {
  for (const row of vectors.positions) {
    for (const code of ["sun", "moon"]) {
      const found = sky.vector(`${code}_apparent`, row.jd_tt);
      const limit = sky.errorBound(`${code}_apparent`) + 1e-12; // the answer's own rounding
      assert.ok(distance(found, row.bodies[code].vector_au) <= limit, code);
    }
  }
});

test("a clock's UTC becomes TT", () => {
  for (const direct of vectors.states) {
    const jdTt = sky.jdTt(julianDate(Date.parse(direct.at)));
    assert.ok(Math.abs(jdTt - direct.jd_tt) * 86400 < 0.006, direct.at);
  }
});

test("outside the span there is no answer", () => {
  assert.throws(() => sky.vector("moon", sky.endJdTt + 40), RangeError);
  assert.throws(() => sky.vector("moon", Number.NaN), RangeError);
  assert.throws(() => sky.vector("ceres", sky.startJdTt), RangeError);
});

test("z flips once and comes back", () => {
  assert.deepEqual(flipZ([1, 2, 3]), [1, 2, -3]);
  assert.deepEqual(flipZ(flipZ([1, 2, 3])), [1, 2, 3]);
});

test("a given array is filled", () => {
  const out = [0, 0, 0];
  assert.equal(sky.vector("earth", sky.startJdTt, out), out);
  assert.ok(Math.hypot(...out) > 0.98);
});
