// What the browser keeps: the conversation and the cart for this tab; language, theme and a shopper's id for good.

export function recall(key, otherwise, store = sessionStorage) {
  try {
    const kept = store.getItem(`aisle.${key}`);
    return kept === null ? otherwise : JSON.parse(kept);
  } catch {
    return otherwise;
  }
}

export function keep(key, value, store = sessionStorage) {
  try {
    if (value === null) store.removeItem(`aisle.${key}`);
    else store.setItem(`aisle.${key}`, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing still works until the tab is closed.
  }
}
