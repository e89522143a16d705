// What the theme leaves out for those who use keys or a screen reader: code that scrolls can be reached, headings of the
// navigation have a level, and the two side bars have names.
document.addEventListener("DOMContentLoaded", () => {
  for (const element of document.querySelectorAll("div.highlight pre, div.cell_output table")) {
    if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
  }
  for (const caption of document.querySelectorAll(".caption[role=heading]")) caption.ariaLevel = "2";
  document.querySelector(".sidebar-drawer")?.setAttribute("aria-label", "Pages");
  document.querySelector(".toc-drawer")?.setAttribute("aria-label", "On this page");
});
