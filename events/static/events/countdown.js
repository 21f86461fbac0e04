/** Count down to an instant in days, hours, minutes and seconds. */

const UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];

export class Countdown {
  /** `names` holds the sign of each unit, one that no number bends. */
  constructor(element, names) {
    this.element = element;
    this.cells = UNITS.map(([unit]) => cell(unit, names[unit]));
    this.shown = {};
  }

  /** Show what is left until `at`. */
  show(at, now = Date.now()) {
    let left = Math.max(0, Math.ceil((at - now) / 1000));
    this.element.hidden = left === 0;
    if (!this.cells[0].isConnected) this.element.replaceChildren(...this.cells);
    UNITS.forEach(([unit, seconds], place) => {
      this.write(this.cells[place], unit, Math.floor(left / seconds));
      left %= seconds;
    });
  }

  write(element, unit, count) {
    if (this.shown[unit] === count) return;
    this.shown[unit] = count;
    element.firstChild.textContent = String(count);
    element.hidden = unit === "day" && count === 0;
  }
}

function cell(unit, name) {
  const element = document.createElement("span");
  const sign = document.createElement("small");
  sign.textContent = name;
  element.dataset.unit = unit;
  element.append(document.createElement("b"), sign);
  return element;
}
