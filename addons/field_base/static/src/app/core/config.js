/** What the server wrote into the page: version, addresses of files. Nothing of any person. */
export const config = JSON.parse(document.getElementById("field-config")?.textContent || "{}");
