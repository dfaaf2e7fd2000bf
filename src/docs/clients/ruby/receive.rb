# Receives webhooks, and prints each event once: ruby receive.rb KEY_FILE PORT
# KEY_FILE has the key of the subscription.
require 'json'
require 'openssl'
require 'socket'

def signed?(headers, body, key)
  time = headers['webhook-timestamp'].to_i
  message = "#{headers['webhook-id']}.#{time}.".b + body.b
  digest = OpenSSL::HMAC.digest('SHA256', key.delete_prefix('whsec_').unpack1('m'), message)
  expected = "v1,#{[digest].pack('m0')}"
  (Time.now.to_i - time).abs < 300 && headers['webhook-signature'].to_s.split.any? do |signature|
    OpenSSL.secure_compare(expected, signature)
  end
end

file, port = ARGV
$stdout.sync = true
last = ''
server = TCPServer.new('localhost', port.to_i)
loop do
  connection = server.accept
  connection.gets
  headers = {}
  while (line = connection.gets&.chomp) && !line.empty?
    name, value = line.split(': ', 2)
    headers[name.downcase] = value
  end
  body = connection.read(headers['content-length'].to_i).to_s
  event = JSON.parse(body)
  status, answer = '200 OK', ''
  if event['type'] == 'subscription.challenge'
    answer = event['data']['challenge']
  elsif !signed?(headers, body, File.read(file).strip)
    status = '401 Unauthorized'
  # An event may arrive again. Its sequence shows that.
  elsif event['sequence'].nil? || event['sequence'] > last
    puts body
    last = event['sequence'] || last
  end
  connection.write "HTTP/1.1 #{status}\r\nContent-Length: #{answer.bytesize}\r\nConnection: close\r\n\r\n#{answer}"
rescue SystemCallError, IOError, JSON::ParserError => e
  warn e.message
ensure
  connection&.close
end
