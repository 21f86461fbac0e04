"use strict";

// Offer to show what is typed into a field for a password. The page lacks nothing without it.
for (const box of document.querySelectorAll("[data-reveals]")) {
  const field = document.getElementById(box.dataset.reveals);
  box.closest("label").hidden = false;
  box.addEventListener("change", () => {
    field.type = box.checked ? "text" : "password";
  });
  field.form.addEventListener("submit", () => {
    field.type = "password"; // or the browser would keep it among words
  });
}
