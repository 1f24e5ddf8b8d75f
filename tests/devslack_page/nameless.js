// Controls that a screen reader could only call "button".
() => [...document.querySelectorAll("button, input, select, textarea, dialog, [role=listbox], [role=log]")]
  .filter((one) => !one.closest("[hidden]") && one.type !== "file")
  .filter((one) => !(one.getAttribute("aria-label") || one.getAttribute("aria-labelledby") || one.labels?.length || one.textContent.trim()))
  .map((one) => one.outerHTML.slice(0, 120))
