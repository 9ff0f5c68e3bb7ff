// Swagger UI has a dark mode of its own, as a class of the root, and sets it in none of the layouts that fit here.
const dark = matchMedia('(prefers-color-scheme: dark)')
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
dark.addEventListener('change', follow)
follow()

globalThis.SwaggerUIBundle({
  url: document.getElementById('swagger-ui').dataset.openapi,
  dom_id: '#swagger-ui',
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  // What a request and a response look like is shown with each operation; the models alone come last, closed.
  defaultModelsExpandDepth: 0,
})
