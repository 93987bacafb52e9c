// Lists the operations and schemas of /openapi.json; asks nothing of any other host.

const api = await (await fetch("/openapi.json")).json();
document.getElementById("title").textContent = `${api.info.title} ${api.info.version}`;

function make(tag, text, ...children) {
  const node = document.createElement(tag);
  if (text) node.textContent = text;
  node.append(...children);
  return node;
}

function fold(summary, ...inside) {
  const box = make("div", "", ...inside);
  box.className = "inside";
  return make("details", "", summary, box);
}

function json(value) { return make("pre", JSON.stringify(value, null, 2)); }

function refs(schema) { return JSON.parse(JSON.stringify(schema).replaceAll("#/components/schemas/", "")); }

function operation(method, path, op) {
  const inside = [];
  for (const p of op.parameters || []) {
    inside.push(make("h3", `${p.in}: ${p.name}${p.required ? " (required)" : ""}`), json(refs(p.schema)));
  }
  const body = op.requestBody?.content["application/json"]?.schema;
  if (body) inside.push(make("h3", "body"), json(refs(body)));
  inside.push(make("h3", "answers"), make("p", Object.entries(op.responses).map(([code, r]) => `${code} ${r.description}`).join(" · ")));
  return fold(make("summary", "", make("b", method.toUpperCase()), make("code", path), make("span", op.summary || "")), ...inside);
}

const operations = document.getElementById("operations");
for (const [path, methods] of Object.entries(api.paths)) {
  for (const [method, op] of Object.entries(methods)) operations.append(operation(method, path, op));
}
const schemas = document.getElementById("schemas");
for (const [name, schema] of Object.entries(api.components?.schemas || {})) {
  schemas.append(fold(make("summary", "", make("code", name)), json(refs(schema))));
}
