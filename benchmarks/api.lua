-- For wrk: `-- HOT [FRESH]`. HOT has lines of a path, and after a tab the tag that the asker knows, if any.
-- With FRESH, one request in five is for the next path of it.
local hot, fresh = {}, {}
local count, at = 0, 0

function init(args)
  for line in io.lines(args[1]) do
    local path, tag = line:match("^([^\t]+)\t?(.*)$")
    local headers = tag ~= "" and { ["If-None-Match"] = tag } or nil
    hot[#hot + 1] = wrk.format("GET", path, headers)
  end
  if args[2] then
    for line in io.lines(args[2]) do
      fresh[#fresh + 1] = wrk.format("GET", line)
    end
  end
end

function request()
  count = count + 1
  if #fresh > 0 and count % 5 == 0 then
    at = at % #fresh + 1
    return fresh[at]
  end
  return hot[math.random(#hot)]
end
