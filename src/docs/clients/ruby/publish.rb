# Publishes an article once, however often the connection fails: ruby publish.rb TITLE
require 'json'
require 'net/http'
require 'securerandom'

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

headers = { 'Content-Type' => 'application/json', 'Idempotency-Key' => SecureRandom.uuid }
request = Net::HTTP::Post.new(URL.path, headers)
request.body = { title: ARGV[0], status: 'published' }.to_json
10.times do
  sleep(attempt(request) do |response|
    puts response.read_body
    exit
  end)
end
abort 'The article may not be published'
