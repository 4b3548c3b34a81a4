// Whether there are pictures at a place: found out beforehand, at the place of a grid that is nearest.

class Verdicts {
  constructor({ places, kinds, words, found }, view) {
    Object.assign(this, { places, kinds, words, view });
    this.found = Object.fromEntries(Object.entries(found).map(([label, each]) => [label, bytesOf(each)]));
  }

  /** "among", "few", "between" or "far", for a picture of this class; null where nothing is known. */
  at({ u, v }, label) {
    const found = this.found[label];
    if (!found) return null;
    const [left, bottom, right, top] = this.view, last = this.places - 1;
    const column = Math.round(((u - left) / (right - left)) * last);
    const row = Math.round(((top - v) / (top - bottom)) * last);
    return this.kinds[found[row * this.places + column]];
  }
}
