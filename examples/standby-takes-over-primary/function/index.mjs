/** Answers every request with where and when it was answered; `/health` is what Route 53 asks for. */
export async function handler(event) {
  const answer = {
    region: process.env.AWS_REGION,
    method: event.httpMethod,
    path: event.path,
    time: new Date().toISOString(),
  };
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(event.path === '/health' ? { status: 'ok', region: answer.region } : answer),
  };
}
