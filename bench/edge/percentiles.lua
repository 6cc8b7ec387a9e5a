-- The name on the URL is for TLS; who answers to it is told beside it.
wrk.resolve = function(_, service)
  wrk.addrs = wrk.lookup(os.getenv('EDGE_ADDRESS'), service)
end

-- One line of figures that a program can read, at the end of a run.
done = function(summary, latency)
  local errors = summary.errors
  local bad = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('figures {"requests":%d,"bad":%d,"micros":%d,"p99":%.1f}\n',
    summary.requests, bad, summary.duration, latency:percentile(99)))
end
