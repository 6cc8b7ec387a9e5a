/** Answers every request with where it was answered; `/health` is what Route 53 asks for. */
export async function handler(event) {
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify({ region: process.env.AWS_REGION, method: event.httpMethod, path: event.path }),
  };
}
