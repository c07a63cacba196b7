// Before the first paint: that there is JavaScript, and which colours were chosen on an earlier page.
(() => {
  const root = document.documentElement;
  const kept = "evalmark-theme";
  const signs = { auto: "◐", light: "☀", dark: "☾" };
  const words = { auto: "as the system", light: "light", dark: "dark" };

  function read() {
    try {
      const found = localStorage.getItem(kept);
      return found === "light" || found === "dark" ? found : "auto";
    } catch {
      return "auto"; // Storage is forbidden here; the page works without.
    }
  }

  function show(theme) {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
  }

  root.classList.add("js");
  let theme = read();
  show(theme);

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    const label = () => {
      button.textContent = signs[theme];
      button.setAttribute("aria-label", `Colours: ${words[theme]}`);
      button.title = `Colours: ${words[theme]}`;
    };
    label();
    button.addEventListener("click", () => {
      theme = { auto: "dark", dark: "light", light: "auto" }[theme];
      show(theme);
      label();
      try {
        localStorage.setItem(kept, theme);
      } catch {
        // As above: then it is for this page only.
      }
    });
  });
})();
