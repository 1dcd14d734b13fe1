// The box asked behind the page's back, as the person who is signed in.
import assert from "node:assert/strict"

export const ask = async (context, path, method = "get", data) => {
  const answer = await context.request[method](`/api/v1/${path}`, data ? { data } : {})
  assert.ok(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`)
  const body = await answer.json()
  return "data" in body ? body.data : body
}
