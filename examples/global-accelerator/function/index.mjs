/** Answers every request with where and when it was answered; `/health` is what the load balancer asks for. */
export async function handler(event) {
  const answer = {
    region: process.env.AWS_REGION,
    method: event.httpMethod,
    path: event.path,
    client: event.headers['x-forwarded-for'],
    time: new Date().toISOString(),
  };
  return {
    statusCode: 200,
    statusDescription: '200 OK',
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    isBase64Encoded: false,
    body: JSON.stringify(event.path === '/health' ? { status: 'ok', region: answer.region } : answer),
  };
}
