/** Count down to an instant, in units that the browser knows in every language. */

const UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];

export class Countdown {
  constructor(element, locale) {
    this.element = element;
    this.formats = Object.fromEntries(
      UNITS.map(([unit]) => [
        unit, new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }),
      ]),
    );
    this.cells = UNITS.map(([unit]) => this.cell(unit));
    this.parts = {};
  }

  cell(unit) {
    const cell = document.createElement("span");
    cell.append(document.createElement("b"), document.createElement("small"));
    cell.dataset.unit = unit;
    return cell;
  }

  /** Show what is left until `at`; true while anything is. */
  show(at, now = Date.now()) {
    let left = Math.max(0, Math.ceil((at - now) / 1000));
    const ahead = left > 0;
    if (!this.cells[0].isConnected) this.element.replaceChildren(...this.cells);
    UNITS.forEach(([unit, seconds], place) => {
      this.write(this.cells[place], unit, Math.floor(left / seconds));
      left %= seconds;
    });
    this.element.hidden = !ahead;
    return ahead;
  }

  write(cell, unit, count) {
    if (this.parts[unit] === count) return;
    this.parts[unit] = count;
    const parts = this.formats[unit].formatToParts(count);
    const number = parts.filter(({ type }) => type === "integer" || type === "group");
    const name = parts.filter(({ type }) => type === "unit");
    cell.firstChild.textContent = number.map(({ value }) => value).join("");
    cell.lastChild.textContent = name.map(({ value }) => value).join(" ");
    cell.hidden = unit === "day" && count === 0;
  }
}
