// Making elements. Text is only ever set as text: nothing that a listing says can become markup.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  bag: ["M5 8h14l-1.100 11.300a1.900 1.900 0 0 1-1.900 1.700H8a1.900 1.900 0 0 1-1.900-1.700z", "M8.800 10.800V7.200a3.200 3.200 0 0 1 6.400 0v3.600"],
  send: ["M12 19V5", "M6 11l6-6 6 6"],
  stop: ["M8 8h8v8H8z"],
  moon: ["M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z"],
  sun: ["M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8z", "M12 3v1.500M12 19.500V21M3 12h1.500M19.500 12H21M5.600 5.600l1.100 1.100M17.300 17.300l1.100 1.100M5.600 18.400l1.100-1.100M17.300 6.700l1.100-1.100"],
  close: ["M6 6l12 12M18 6L6 18"],
  plus: ["M12 6v12M6 12h12"],
  minus: ["M6 12h12"],
  check: ["M5 12.500l4.500 4.500L19 7.500"],
  but: ["M12 7v6", "M12 16.800v.2", "M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17z"],
  ask: ["M5 5.500h14a1.500 1.500 0 0 1 1.500 1.500v8.500a1.500 1.500 0 0 1-1.500 1.500h-7.500L7 20.500V17H5a1.500 1.500 0 0 1-1.500-1.500V7A1.500 1.500 0 0 1 5 5.500z"],
  up: ["M7.500 10.500l3.700-6.600c1.500 0 2.400 1.100 2.100 2.600l-.7 3h5a1.800 1.800 0 0 1 1.800 2.200l-1.300 6a1.800 1.800 0 0 1-1.800 1.400H7.500z", "M4 10.500h3.500v8.600H4z"],
  down: ["M7.500 13.500l3.700 6.600c1.500 0 2.400-1.100 2.100-2.600l-.7-3h5a1.800 1.800 0 0 0 1.800-2.200l-1.300-6a1.800 1.800 0 0 0-1.800-1.400H7.500z", "M4 13.500h3.500V4.900H4z"],
  star: ["M12 3.600l2.600 5.300 5.800.8-4.200 4.100 1 5.800-5.200-2.700-5.200 2.700 1-5.800-4.200-4.100 5.800-.8z"],
  picture: ["M4 5.500h16v13H4z", "M4 15.500l4.500-4 4 3.500 3-2.500 4.500 3.500", "M9 9.500v.1"],
  person: ["M12 4.500a3.800 3.800 0 1 1 0 7.600 3.800 3.800 0 0 1 0-7.600z", "M4.500 20c.6-3.600 3.600-5.800 7.500-5.800s6.900 2.200 7.500 5.800"],
  down_to: ["M12 5v14", "M6 13l6 6 6-6"],
  face_1: ["M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17z", "M9 9.500v.8M15 9.500v.8M8.300 16.700c.9-2.100 2.200-3.100 3.700-3.100s2.800 1 3.700 3.100"],
  face_2: ["M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17z", "M9 9.500v.8M15 9.500v.8M8.700 16c1-1.100 2.100-1.600 3.300-1.600s2.300.5 3.300 1.600"],
  face_3: ["M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17z", "M9 9.500v.8M15 9.500v.8M8.700 15.200h6.600"],
  face_4: ["M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17z", "M9 9.500v.8M15 9.500v.8M8.700 14.300c1 1.100 2.100 1.600 3.300 1.600s2.300-.5 3.300-1.600"],
  face_5: ["M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17z", "M9 9.500v.8M15 9.500v.8M8 13.600h8c-.5 2.300-2 3.500-4 3.500s-3.500-1.200-4-3.500z"],
  pencil: ["M5 19l.8-3.600L16 5.200l2.800 2.800L8.600 18.200z"],
};

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  for (const d of PATHS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

// Five small stars; a rating is rounded to halves.
export function stars(rating) {
  const halves = Math.round(rating * 2);
  const row = el("span", { class: "stars", "aria-hidden": "true" });
  for (let i = 1; i <= 5; i += 1) {
    const fill = halves >= i * 2 ? "full" : halves === i * 2 - 1 ? "half" : "none";
    row.append(el("span", { class: `star ${fill}` }, icon("star"), fill === "half" ? icon("star") : null));
  }
  return row;
}

// A picture that keeps its place while it loads and when it fails.
export function picture(product, alt) {
  const frame = el("span", { class: "picture" });
  const missing = () => frame.replaceChildren(icon("picture"));
  if (safeUrl(product.image_url)) {
    frame.append(el("img", { src: product.image_url, alt, loading: "lazy", width: 400, height: 300, onerror: missing }));
  } else missing();
  return frame;
}

export function safeUrl(url) {
  return typeof url === "string" && (/^https?:\/\//.test(url) || /^\/[^/]/.test(url));
}
