import { defineConfig } from "vite"

// The box's address for `npm run dev`; the built page always talks to the host
// that served it.
const box = "http://127.0.0.1:8080"

export default defineConfig({
  build: {
    target: "es2022",
    cssTarget: "chrome120",
    outDir: "node_modules/.out", // publish.mjs moves it into dist when it is whole
    emptyOutDir: true,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: {
    host: "127.0.0.1",
    fs: { allow: [".."] },
    proxy: { "/api": box, "/bench": box },
  },
})
