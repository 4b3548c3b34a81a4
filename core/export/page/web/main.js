// The page: what the hand, the sliders and the choice of a class change is drawn once a frame.

class Page {
  constructor(data) {
    this.data = data;
    this.amounts = data.directions.map(() => 0);
    this.picture = document.getElementById("picture");
    this.dots = new Dots(data.dots, data.classes);
    this.card = new Card(document.getElementById("card"), data, this.dots.labels);
    this.drawing = this.makeDrawing();
    this.verdicts = new Verdicts(data.verdicts, data.view);
    const told = { moved: (place) => this.move(place), hovered: (dot, pixel) => this.hover(dot, pixel) };
    this.map = new MapView(document.getElementById("map"), data.view, this.dots, told);
    makeSliders(data.directions, (amounts) => this.change({ amounts }));
    makeClassChoice(data.offered, data.classes, data.label, (label) => this.choose(label));
    joinLegend(this.dots.hidden, data.classes.length, () => this.map.paint());
  }

  makeDrawing() {
    const { drawing, plane, directions, view, channels } = this.data;
    const vectors = directions.map((each) => floatsOf(each.vector));
    const Kind = drawing.layers ? ByModel : FromSheets;
    return new Kind(drawing, new Plane(plane), vectors, { view, channels });
  }

  async start() {
    this.map.go(...this.data.start);
    document.getElementById("keys").hidden = false;
    await this.choose(this.data.label);
    document.getElementById("first").hidden = true;
    this.picture.hidden = false;
  }

  async choose(label) {
    this.wished = label;
    await this.drawing.choose(label);
    if (this.wished === label) this.change({ label });
  }

  move(place) {
    this.change({ place });
  }

  hover(dot, pixel) {
    if (dot < 0) this.card.hide();
    else this.card.show(dot, pixel);
  }

  /** However often it is asked in a frame, it is drawn once. */
  change(changes) {
    Object.assign(this, changes);
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (this.place) this.draw();
    });
  }

  draw() {
    const levels = this.drawing.draw(this.place, this.amounts);
    if (!levels) return;
    const image = imageOf(levels, this.data.channels);
    [this.picture.width, this.picture.height] = [image.width, image.height];
    this.picture.getContext("2d").putImageData(image, 0, 0);
    this.tell();
  }

  /** Where the place is, and whether there are pictures; a direction leads off the map, where nobody has looked. */
  tell() {
    const [across, up] = this.data.axes;
    const place = `${across} ${numberSaid(this.place.u)} · ${up} ${numberSaid(this.place.v)}`;
    const isOnMap = this.amounts.every((amount) => amount === 0);
    const verdict = (isOnMap && this.verdicts.at(this.place, this.label)) || "";
    const words = this.verdicts.words[verdict] ?? "";
    Object.assign(document.getElementById("verdict"), { className: verdict, textContent: words, hidden: !words });
    document.getElementById("place").textContent = place;
    this.speak(`${place}, ${words}`);
  }

  /** For those who hear it: once the hand rests. */
  speak(words) {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => { document.getElementById("spoken").textContent = words; }, 500);
  }
}

new Page(JSON.parse(document.getElementById("data").textContent)).start();
