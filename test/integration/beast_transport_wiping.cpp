// The transport gives no memory back with a token or a password in it: not that which requests are written from, nor that which answers are read into, however an exchange ends.
//
// exit status 0: held, 1: broken

#include <oauth/policy/transport/beast_transport.hpp>
#include "../support/freed_memory.hpp"
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace oauth;

// Long enough not to lie inside of a string.
constexpr std::string_view token = "canary-token-4b1c0e-canary-token-4b1c0e", password = "canary-password-4b1c0e-canary-password", bearer = "canary-bearer-4b1c0e-canary-bearer-4b1c0e";

struct way
{
    char const* what;
    std::string answer;
    int times = 1;   // more: over one connection
    bool succeeds = true;
};

std::string with_length(std::string const& body) { return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body; }

std::string chunked(std::string const& body)
{
    std::string out = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (auto const& piece : {body.substr(0, 60), body.substr(60)})
    {
        char size[16];
        std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
        out += size + piece + "\r\n";
    }
    return out + "0\r\n\r\n";
}

std::vector<way> ways()
{
    std::string const body = R"({"access_token":")" + std::string(token) + R"(","token_type":"Bearer","refresh_token":")" + std::string(token) + "\"}";
    std::string const much = body + std::string(40'000, ' ') + body;
    return {
        {"an answer", with_length(body)},
        {"several over one connection", with_length(body), 3},
        {"a large answer", with_length(much)},
        {"an answer in chunks", chunked(body)},
        {"an answer that ends with its connection", "HTTP/1.1 200 OK\r\n\r\n" + body},
        {"an error", "HTTP/1.1 400 Bad Request\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body},
        {"more than was announced", with_length(body) + body},
        {"an answer that is cut off", with_length(much).substr(0, 20'000), 1, false},
        {"an answer that is too large", with_length(body + std::string(70'000, ' ')), 1, false},
        {"chunks that are none", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body, 1, false},
        {"what is not HTTP", body + "\r\n\r\n", 1, false},
        {"silence after half of it", with_length(body).substr(0, 120), 1, false},
    };
}

/// Answers in a process of its own, since what a server frees is not looked at. GET /3 gets the third answer.
class answering_process
{
    pid_t process_ = -1;
    std::uint16_t port_ = 0;

    static void serve(int connection, std::vector<way> const& all)
    {
        for (std::string request;;)
        {
            char some[4096];
            auto const got = ::read(connection, some, sizeof some);
            if (got <= 0) return;
            request.append(some, static_cast<std::size_t>(got));
            auto const head = request.find("\r\n\r\n");
            if (head == request.npos || !request.ends_with('.')) continue;   // how each body ends
            auto const& chosen = all[std::strtoul(request.c_str() + request.find('/') + 1, nullptr, 10)];
            if (::write(connection, chosen.answer.data(), chosen.answer.size()) < 0) return;
            if (std::string_view(chosen.what).starts_with("silence"))
                while (::read(connection, some, sizeof some) > 0) {}
            if (chosen.times == 1) return;
            request.clear();
        }
    }

public:
    explicit answering_process(std::vector<way> const& all)
    {
        int const listener = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener, any, size) != 0 || ::listen(listener, 16) != 0 || ::getsockname(listener, any, &size) != 0) std::abort();
        port_ = ntohs(address.sin_port);
        process_ = ::fork();
        if (process_ == 0)
        {
            ::alarm(300);   // should nobody be left to end it
            for (;;)
            {
                int const connection = ::accept(listener, nullptr, nullptr);
                serve(connection, all);
                ::close(connection);
            }
        }
        ::close(listener);
    }
    answering_process(answering_process const&) = delete;
    ~answering_process()
    {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }

    std::string url(std::size_t number) const { return "http://127.0.0.1:" + std::to_string(port_) + '/' + std::to_string(number); }
};

http_request request_to(std::string const& url)
{
    http_request out;
    out.method = http_method::post;
    out.url = endpoint(url);
    out.fields = {{"Content-Type", "application/x-www-form-urlencoded"}};
    out.authorization = secret("Bearer " + std::string(bearer));
    out.body = secret("grant_type=refresh_token&client_secret=" + std::string(password) + "&end=.");
    return out;
}

} // namespace

int main()
{
    int broken = 0;
    auto const all = ways();
    answering_process const server(all);
    auto const check = [&](std::string_view what, bool holds, std::size_t freed, std::size_t found, std::string_view wanted) {
        broken += !holds;
        std::cout << (holds ? "held: " : "BROKEN: ") << what << ": " << freed << " blocks freed, " << found << " with " << wanted << std::endl;
    };
    for (std::string_view const wanted : {token, password, bearer})
    {
        auto const [all_freed, careless] = oauth::test::freed_memory::search(wanted, [&] { std::string const left("so the search finds it: " + std::string(wanted)); });
        check("the search itself", careless != 0, all_freed, careless, wanted);
        for (std::size_t i = 0; i < all.size(); ++i)
            for (bool const kept : {true, false})   // the connection
            {
                bool as_expected = true;
                std::vector<http_request> requests;   // made out here, where what is freed does not matter
                for (int n = 0; n < all[i].times; ++n) requests.push_back(request_to(server.url(i)));
                auto const [freed, found] = oauth::test::freed_memory::search(wanted, [&] {
                    beast_transport transport{{.exchange_timeout = std::chrono::milliseconds(all[i].succeeds ? 20'000 : 300), .max_body_size = 64 * 1024, .keep_alive = kept}};
                    for (auto& request : requests)
                    {
                        auto const got = transport.send(std::move(request));
                        as_expected = as_expected && got.has_value() == all[i].succeeds && (!got || got->body.reveal().find(token) != std::string_view::npos);
                    }
                });
                if (!as_expected) std::cout << "not as expected: " << all[i].what << std::endl;
                check(all[i].what, as_expected && found == 0 && freed != 0, freed, found, wanted);
            }
    }
    std::cout << (broken == 0 ? "held" : "BROKEN") << std::endl;
    return broken == 0 ? 0 : 1;
}
