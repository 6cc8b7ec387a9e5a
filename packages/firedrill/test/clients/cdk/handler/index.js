exports.handler = async (event) => ({
  statusCode: 200,
  body: JSON.stringify({ failover: process.env.FAILOVER, region: process.env.AWS_REGION, path: event.path }),
});
