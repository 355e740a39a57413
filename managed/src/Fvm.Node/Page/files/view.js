// Elements of the document. Text is set as text only: names, strings and errors come from contracts, and none of them is ever markup.

/** An element: h("a", { href: "#/" }, "Home"). Attributes that are null or false are left out; functions become listeners. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined));
  return element;
}

/** A list of names and values. */
export const facts = rows => h("dl", { class: "facts" },
  rows.filter(row => row && row[1] !== null && row[1] !== undefined).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));

/** A table whose cells bear the heading of their column, which narrow windows show beside them. Headings that begin with # are of numbers. */
export function table(headings, rows, empty) {
  if (rows.length === 0) return h("p", { class: "soft" }, empty);
  const columns = headings.map(text => ({ label: text.replace("#", ""), class: text.startsWith("#") ? "number" : null }));
  return h("table", {},
    h("thead", {}, h("tr", {}, columns.map(({ label, ...rest }) => h("th", { scope: "col", ...rest }, label)))),
    h("tbody", {}, rows.map(row => h("tr", {}, row.map((cell, i) => h("td", { "data-label": columns[i].label, class: columns[i].class }, cell))))));
}

export const link = (to, text, attributes = {}) => h("a", { href: `#/${to}`, ...attributes }, text);
export const mono = text => h("span", { class: "mono" }, text);
export const section = (title, ...content) => h("section", {}, h("h2", {}, title), content);
export const card = (...content) => h("div", { class: "card" }, content);

/** A button that runs something, is disabled meanwhile, and shows why it failed. */
export function action(text, run, attributes = {}) {
  const outcome = h("span", { class: "bad", role: "status" });
  const button = h("button", {
    type: "button", ...attributes,
    click: async () => {
      button.disabled = true;
      outcome.textContent = "";
      try {
        await run();
      } catch (error) {
        outcome.textContent = error.message;
      } finally {
        button.disabled = false;
      }
    },
  }, text);
  return [button, outcome];
}
