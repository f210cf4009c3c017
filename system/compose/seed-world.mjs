/** Creates the world for the k6 service of docker-compose.yml, unless it exists. */
const { ADMIN_TOKEN, API_URL, SESSION_ID } = process.env;
const answer = await fetch(`${API_URL}/api/admin/sessions`, {
  method: 'POST',
  headers: {
    authorization: `Bearer ${ADMIN_TOKEN}`,
    'content-type': 'application/json',
    'idempotency-key': `seed-${SESSION_ID}`,
  },
  body: JSON.stringify({ sessionId: SESSION_ID, seed: 'compose', generals: 120, cities: 20, nations: 4 }),
});
console.log(answer.status, await answer.text());
if (answer.status !== 201 && answer.status !== 409) process.exitCode = 1;
