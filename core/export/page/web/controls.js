// What stands beside the map: the class to draw as, the sliders of directions, the legend.

/** A slider for each direction, from −2 to 2 of its length. */
function makeSliders(directions, changed) {
  const inputs = directions.map(({ name }) => makeSlider(name));
  const back = document.getElementById("back");
  const tell = () => {
    const amounts = inputs.map(({ input }) => Number(input.value));
    inputs.forEach(({ said }, which) => { said.textContent = numberSaid(amounts[which]); });
    back.disabled = amounts.every((amount) => amount === 0);
    changed(amounts);
  };
  inputs.forEach(({ input }) => input.addEventListener("input", tell));
  back.addEventListener("click", () => {
    inputs.forEach(({ input }) => { input.value = 0; });
    tell();
  });
  document.getElementById("directions").hidden = !directions.length;
}

function makeSlider(name) {
  const [input, words, said, row] = ["input", "span", "output", "label"].map((tag) => document.createElement(tag));
  Object.assign(input, { type: "range", min: -2, max: 2, step: 0.01, value: 0, autocomplete: "off" });
  words.append(Object.assign(document.createElement("bdi"), { textContent: name }));
  said.textContent = "0";
  Object.assign(row, { className: "slider", title: name });
  row.append(words, said, input);
  document.getElementById("sliders").append(row);
  return { input, said };
}

/** The classes that a class-conditional model draws as. */
function makeClassChoice(offered, classes, first, chosen) {
  const select = document.getElementById("class");
  for (const label of offered) {
    select.append(Object.assign(document.createElement("option"), { value: label, textContent: classes[label].name }));
  }
  select.value = first;
  select.addEventListener("change", () => chosen(Number(select.value)));
  document.getElementById("class-row").hidden = !offered.length;
}

/** Each class is hidden and shown by its button; with Alt all others are hidden, or shown again. */
function joinLegend(hidden, count, changed) {
  const buttons = [...document.querySelectorAll("#classes button")];
  const labelOf = (button) => Number(button.dataset.label);
  const show = () => {
    buttons.forEach((button) => button.setAttribute("aria-pressed", String(!hidden.has(labelOf(button)))));
    changed();
  };
  const turn = (button, isAlone) => {
    const label = labelOf(button), others = [...Array(count).keys()].filter((each) => each !== label);
    if (isAlone) {
      const wasAlone = !hidden.has(label) && others.every((each) => hidden.has(each));
      others.forEach((each) => (wasAlone ? hidden.delete(each) : hidden.add(each)));
      hidden.delete(label);
    } else if (!hidden.delete(label)) hidden.add(label);
    show();
  };
  buttons.forEach((button) => button.addEventListener("click", (event) => turn(button, event.altKey)));
}

/** Two decimals and a true minus sign. */
const numberSaid = (value) => (value ? value.toFixed(2) : "0").replace("-", "−");
