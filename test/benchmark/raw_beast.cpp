// The whole job by hand on Beast, Boost.JSON and OpenSSL: build the authorize URL, take the pasted redirect, exchange the code, print the tokens as JSON.
// Over http or https, as the example; no store, no lock, no check of what came back: what example/01_graph_tokens is measured against.
//   raw_beast http|https PORT

#include "baselines.hpp"
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <string>

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

template <class Stream>
std::string post(Stream& stream, http::request<http::string_body> const& request)
{
    http::write(stream, request);
    boost::beast::flat_buffer buffer;
    http::response<http::string_body> response;
    http::read(stream, buffer, response);
    return std::move(response.body());
}

} // namespace

int main(int count, char** words)
{
    if (count < 3) return 2;
    std::string const scheme = words[1], port = words[2];
    std::string const base = scheme + "://127.0.0.1:" + port + "/contoso.onmicrosoft.com/oauth2/v2.0/";
    auto const proof = baseline::random_parts();
    std::string_view const state(proof.state, 43);

    char text[8192];
    char* out = baseline::raw(baseline::raw(text, base), "authorize?response_type=code&client_id=");
    out = baseline::encode(out, baseline::client_id);
    out = baseline::encode(baseline::raw(out, "&redirect_uri="), "https://app.example/callback");
    out = baseline::encode(baseline::raw(out, "&scope="), "offline_access Bookings.ReadWrite.All");
    out = baseline::raw(baseline::raw(out, "&state="), state);
    out = baseline::raw(baseline::raw(out, "&code_challenge_method=S256&code_challenge="), {proof.challenge, 43});
    std::cerr << "Sign in with your browser at\n\n  " << std::string_view(text, static_cast<std::size_t>(out - text)) << "\n\n";

    std::string line;
    if (!std::getline(std::cin, line)) return 1;
    auto const begin = line.find("code=");
    if (begin == line.npos) return 1;
    std::string const code = line.substr(begin + 5, line.find('&', begin) - begin - 5);

    out = baseline::encode(baseline::raw(text, "grant_type=authorization_code&client_id="), baseline::client_id);
    out = baseline::raw(baseline::raw(out, "&code="), code);
    out = baseline::encode(baseline::raw(out, "&redirect_uri="), "https://app.example/callback");
    out = baseline::raw(baseline::raw(out, "&code_verifier="), {proof.verifier, 43});

    http::request<http::string_body> request{http::verb::post, base.substr(base.find('/', 8)) + "token", 11};
    request.set(http::field::host, "127.0.0.1:" + port);
    request.set(http::field::content_type, "application/x-www-form-urlencoded");
    request.set(http::field::accept, "application/json");
    request.body().assign(text, out);
    request.prepare_payload();

    asio::io_context context{1};
    asio::ip::tcp::endpoint const server(asio::ip::make_address("127.0.0.1"), static_cast<unsigned short>(std::stoi(port)));
    std::string body;
    if (scheme == "https")
    {
        asio::ssl::context trusted(asio::ssl::context::tls_client);
        trusted.set_default_verify_paths();
        trusted.set_verify_mode(asio::ssl::verify_peer);
        asio::ssl::stream<asio::ip::tcp::socket> stream(context, trusted);
        stream.set_verify_callback(asio::ssl::host_name_verification("127.0.0.1"));
        stream.next_layer().connect(server);
        stream.next_layer().set_option(asio::ip::tcp::no_delay(true));
        stream.handshake(asio::ssl::stream_base::client);
        body = post(stream, request);
    }
    else
    {
        asio::ip::tcp::socket socket(context);
        socket.connect(server);
        socket.set_option(asio::ip::tcp::no_delay(true));
        body = post(socket, request);
    }
    auto const answer = boost::json::parse(body);
    if (answer.as_object().at("access_token").as_string().empty()) return 1;
    std::cout << boost::json::serialize(answer) << '\n';
}
