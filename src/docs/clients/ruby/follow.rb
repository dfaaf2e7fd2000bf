# Prints the events of a feed: ruby follow.rb FILE [QUERY]
# FILE stores the position, from which the next run continues.
require 'net/http'

URL = URI("#{ENV.fetch('FRESHET_URL', 'http://localhost:8080')}/api/v1/articles")
FAULTS = [SystemCallError, IOError, Timeout::Error, Net::ProtocolError, Net::HTTPBadResponse].freeze

# Sends a request, and yields the response. Returns the seconds until the next attempt.
def attempt(request)
  request['Authorization'] = "Bearer #{ENV['FRESHET_TOKEN']}" if ENV['FRESHET_TOKEN']
  # The server sends a comment every 15 seconds.
  options = { use_ssl: URL.scheme == 'https', read_timeout: 45, max_retries: 0 }
  Net::HTTP.start(URL.host, URL.port, options) do |http|
    http.request(request) do |response|
      case response.code.to_i
      when 200..299 then yield response
      when 429, 500.. then return (response['Retry-After'] || 2).to_i
      else abort response.read_body
      end
    end
  end
  1
rescue *FAULTS
  1
end

file, query = ARGV[0], ARGV.fetch(1, 'since=earliest')
$stdout.sync = true
loop do
  request = Net::HTTP::Get.new("#{URL.path}?#{query}", 'Accept' => 'text/event-stream', 'Accept-Encoding' => 'identity')
  request['Last-Event-ID'] = File.read(file) if File.exist?(file)
  pause = nil
  seconds = attempt(request) do |response|
    text = +''.b
    response.read_body do |chunk|
      text << chunk
      while (block = text.slice!(/\A.*?\n\n/m))
        event = block.force_encoding('UTF-8').scan(/^(\w+): ?(.*)$/).to_h
        puts event['data'] if event['event']&.match?(/\A(article\.|reset\z)/)
        if event['id']
          File.write("#{file}.new", event['id'])
          File.rename("#{file}.new", file)
        end
        pause = event['retry'].to_i / 1000.0 if event['retry']
      end
    end
  end
  sleep(pause || seconds)
end
