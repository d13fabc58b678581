#include <oauth/policy/receiver/loopback_receiver.hpp>

#include <boost/test/unit_test.hpp>
#include <openssl/evp.h>

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <future>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

/// A socket of a client, blocking, with a limit on every wait so that no test can hang.
class peer
{
    int fd_ = -1;

public:
    explicit peer(std::uint16_t port, bool v6 = false)
    {
        fd_ = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        timeval const limit{5, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        int done = -1;
        if (v6)
        {
            sockaddr_in6 to{};
            to.sin6_family = AF_INET6;
            to.sin6_port = htons(port);
            to.sin6_addr = in6addr_loopback;
            done = ::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to);
        }
        else
        {
            sockaddr_in to{};
            to.sin_family = AF_INET;
            to.sin_port = htons(port);
            to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            done = ::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to);
        }
        if (done != 0) close();
    }
    peer(peer&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    peer& operator=(peer&&) = delete;
    ~peer() { close(); }

    bool connected() const { return fd_ >= 0; }
    int fd() const { return fd_; }

    void close()
    {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

    bool send(std::string_view text)
    {
        while (!text.empty())
        {
            auto const sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            text.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    std::string receive_all()
    {
        std::string out;
        std::array<char, 4096> block;
        for (;;)
        {
            auto const got = ::recv(fd_, block.data(), block.size(), 0);
            if (got <= 0) return out;
            out.append(block.data(), static_cast<std::size_t>(got));
        }
    }

    std::string ask(std::string_view text)
    {
        send(text);
        return receive_all();
    }
};

bool has_ipv6()
{
    int const fd = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return false;
    sockaddr_in6 at{};
    at.sin6_family = AF_INET6;
    at.sin6_addr = in6addr_loopback;
    bool const bound = ::bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0;
    ::close(fd);
    return bound;
}

/// Somebody else's port.
class taken
{
    int fd_;

public:
    std::uint16_t port = 0;

    explicit taken(bool v6 = false) : fd_(::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in6 at6{};
        sockaddr_in at4{};
        at6.sin6_family = AF_INET6;
        at6.sin6_addr = in6addr_loopback;
        at4.sin_family = AF_INET;
        at4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* const at = v6 ? reinterpret_cast<sockaddr*>(&at6) : reinterpret_cast<sockaddr*>(&at4);
        socklen_t size = v6 ? sizeof at6 : sizeof at4;
        BOOST_REQUIRE_EQUAL(::bind(fd_, at, size), 0);
        BOOST_REQUIRE_EQUAL(::listen(fd_, 1), 0);
        ::getsockname(fd_, at, &size);
        port = ntohs(v6 ? at6.sin6_port : at4.sin_port);
    }
    taken(taken const&) = delete;
    ~taken() { release(); }
    void release()
    {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }
};

std::uint16_t port_of(std::string const& uri)
{
    auto const colon = uri.rfind(':');
    return static_cast<std::uint16_t>(std::strtoul(uri.c_str() + colon + 1, nullptr, 10));
}

/// A receiver that waits in a thread of its own, for a redirect with "state=good".
struct waiting
{
    oauth::loopback_receiver receiver;
    oauth::loopback_receiver::stopper_type stop = receiver.stopper();
    std::string uri;
    std::uint16_t port = 0;
    std::vector<std::string> seen;      // only to be read after `end`
    std::future<oauth::result<std::string>> done;

    explicit waiting(std::string const& registered = "http://localhost/", oauth::loopback_options options = {}) : receiver(std::move(options))
    {
        auto const prepared = receiver.prepare(registered);
        BOOST_REQUIRE_MESSAGE(prepared.has_value(), registered);
        uri = *prepared;
        port = port_of(uri);
        done = std::async(std::launch::async, [this] {
            return receiver.receive([this](std::string_view text) {
                seen.emplace_back(text);
                if (text.find("state=good") == std::string_view::npos) return oauth::reception::stranger;
                return text.find("error=") == std::string_view::npos ? oauth::reception::granted : oauth::reception::refused;
            });
        });
    }

    ~waiting()
    {
        stop();
        if (done.valid()) done.wait();
    }

    std::string host() const { return "Host: localhost:" + std::to_string(port) + "\r\n"; }
    std::string get(std::string_view target) const { return "GET " + std::string(target) + " HTTP/1.1\r\n" + host() + "\r\n"; }
    std::string post(std::string_view target, std::string_view body) const
    {
        return "POST " + std::string(target) + " HTTP/1.1\r\n" + host() + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
             + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
    }
    std::string ask(std::string_view request) const { return peer(port).ask(request); }
    bool still_waits() const { return done.wait_for(0s) == std::future_status::timeout; }

    oauth::result<std::string> end()
    {
        BOOST_REQUIRE(done.wait_for(10s) == std::future_status::ready);
        return done.get();
    }

    /// The real redirect still gets through.
    void finish()
    {
        auto const answer = ask(get("/?code=real&state=good"));
        BOOST_TEST(answer.starts_with("HTTP/1.1 200 OK\r\n"));
        auto const got = end();
        BOOST_REQUIRE(got.has_value());
        BOOST_TEST(*got == "http://localhost:" + std::to_string(port) + "/?code=real&state=good");
    }
};

std::string status_of(std::string const& answer) { return answer.substr(0, answer.find('\r')); }

std::set<int> open_files()
{
    std::set<int> out;
    auto* const folder = ::opendir("/proc/self/fd");
    if (folder == nullptr) return out;
    while (auto const* const entry = ::readdir(folder))
        if (int const fd = std::atoi(entry->d_name); entry->d_name[0] != '.' && fd != ::dirfd(folder)) out.insert(fd);
    ::closedir(folder);
    return out;
}

std::string hash_of(std::string_view text)
{
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    BOOST_REQUIRE_EQUAL(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr), 1);
    std::array<unsigned char, 64> base64{};
    auto const length = EVP_EncodeBlock(base64.data(), digest.data(), 32);
    return "sha256-" + std::string(reinterpret_cast<char const*>(base64.data()), static_cast<std::size_t>(length));
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_receiver_loopback_receiver)

BOOST_AUTO_TEST_CASE(the_registered_uri_keeps_all_but_its_port)
{
    struct
    {
        char const* registered;
        char const* before;
        char const* after;
    } const table[] = {
        {"", "http://127.0.0.1:", "/"},
        {"http://localhost", "http://localhost:", ""},
        {"http://localhost/", "http://localhost:", "/"},
        {"http://localhost:/", "http://localhost:", "/"},
        {"http://127.0.0.1:0/cb", "http://127.0.0.1:", "/cb"},
        {"http://localhost/cb/", "http://localhost:", "/cb/"},
        {"http://localhost/a%20b/C", "http://localhost:", "/a%20b/C"},
        {"http://LocalHost/Cb?tenant=1", "http://LocalHost:", "/Cb?tenant=1"},
        {"HTTP://localhost/", "HTTP://localhost:", "/"},
        {"http://127.0.0.2/", "http://127.0.0.2:", "/"},
    };
    for (auto const& row : table)
    {
        oauth::loopback_receiver receiver;
        auto const uri = receiver.prepare(row.registered);
        BOOST_REQUIRE_MESSAGE(uri.has_value(), row.registered);
        BOOST_TEST(uri->starts_with(row.before), *uri);
        auto const port = std::to_string(port_of(*uri));
        BOOST_TEST(*uri == std::string(row.before) + port + row.after);
        BOOST_TEST(port != "0");
    }
}

BOOST_AUTO_TEST_CASE(ipv6_literal)
{
    oauth::loopback_receiver receiver;
    auto const uri = receiver.prepare("http://[::1]/cb");
    if (!has_ipv6())
    {
        BOOST_TEST(uri.has_error());
        return;
    }
    BOOST_REQUIRE(uri.has_value());
    BOOST_TEST(uri->starts_with("http://[::1]:"));
    BOOST_TEST(uri->ends_with("/cb"));
    auto const colon = uri->rfind(':');
    auto const port = static_cast<std::uint16_t>(std::stoi(uri->substr(colon + 1)));
    BOOST_TEST(peer(port, true).connected());
    BOOST_TEST(!peer(port, false).connected());
}

BOOST_AUTO_TEST_CASE(refused_uris)
{
    for (auto const* uri : {"https://localhost/", "http://example.com/", "http://example.com:8400/", "http://0.0.0.0/", "http://[::]/", "http://192.168.0.1/",
                            "http://localhost.example/", "http://localhost@example.com/", "http://user@localhost/", "http://localhost/#x", "localhost:8400",
                            "/cb",
                            "not a url", "http://", "http:///cb", "http://localhost:65536/", "http://localhost:99999999999/", "ftp://localhost/",
                            "http://localhost:73936/cb", "http://127.0.0.1:84136/cb", "http://localhost:99999/",
                            "urn:ietf:wg:oauth:2.0:oob", "https://login.microsoftonline.com/common/oauth2/nativeclient", "http://local host/",
                            "http://localhost:84x/",
                            "http://127.0.0.1.evil.example/", "http://[::1].evil.example/", "http://localhost:80.evil.example/"})
    {
        oauth::loopback_receiver receiver;
        auto const refused = receiver.prepare(uri);
        BOOST_REQUIRE_MESSAGE(refused.has_error(), uri);
        BOOST_TEST((refused.error().code == oauth::errc::receiver_failed), uri);
        BOOST_TEST((refused.error().next == oauth::advice::fix_configuration), uri);
        BOOST_TEST(!refused.error().hint.empty());
    }
    // What another receiver can do, the hint says.
    oauth::loopback_receiver receiver;
    BOOST_TEST(receiver.prepare("https://app.example/cb").error().hint.find("oauth::pasted") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(which_port)
{
    taken first;
    taken second;
    auto const a = first.port;
    auto const b = second.port;
    second.release();

    // The registered URI's own port, unchanged.
    auto const registered = "http://localhost:" + std::to_string(b) + "/";
    {
        oauth::loopback_receiver receiver;
        BOOST_TEST(receiver.prepare(registered).value() == registered);
        BOOST_TEST(peer(b).connected());
        // Prepared anew: the same port is free again.
        BOOST_TEST(receiver.prepare(registered).value() == registered);
    }
    // The receiver's own port comes first.
    {
        oauth::loopback_receiver receiver{b};
        BOOST_TEST(receiver.prepare("http://localhost:" + std::to_string(a) + "/x").value() == registered + "x");
    }
    // The first that is free.
    {
        oauth::loopback_receiver receiver{std::vector<std::uint16_t>{a, b}};
        BOOST_TEST(receiver.prepare("http://localhost/").value() == registered);
    }
    // 0 stands for any.
    {
        oauth::loopback_receiver receiver{std::uint16_t{0}};
        auto const uri = receiver.prepare("http://localhost:" + std::to_string(a) + "/").value();
        BOOST_TEST(port_of(uri) != a);
        BOOST_TEST(port_of(uri) != 0);
    }
}

BOOST_AUTO_TEST_CASE(busy_ports)
{
    taken first;
    taken second;
    {
        oauth::loopback_receiver receiver{first.port};
        auto const busy = receiver.prepare("http://localhost/");
        BOOST_REQUIRE(busy.has_error());
        BOOST_TEST((busy.error().code == oauth::errc::port_in_use));
        BOOST_TEST(busy.error().hint.find("port " + std::to_string(first.port)) != std::string::npos);
    }
    {
        oauth::loopback_receiver receiver{std::vector<std::uint16_t>{first.port, second.port}};
        auto const busy = receiver.prepare("http://127.0.0.1/");
        BOOST_REQUIRE(busy.has_error());
        BOOST_TEST((busy.error().code == oauth::errc::port_in_use));
        BOOST_TEST(busy.error().hint.find(std::to_string(first.port)) != std::string::npos);
        BOOST_TEST(busy.error().hint.find(std::to_string(second.port)) != std::string::npos);
        // A failed prepare leaves nothing to wait on.
        BOOST_TEST((receiver.receive([](std::string_view) { return oauth::reception::granted; }).error().code == oauth::errc::receiver_failed));
    }
    {
        // Another receiver's port is as busy as any.
        oauth::loopback_receiver one;
        auto const uri = one.prepare("http://localhost/").value();
        oauth::loopback_receiver two;
        BOOST_TEST((two.prepare(uri).error().code == oauth::errc::port_in_use));
    }
}

BOOST_AUTO_TEST_CASE(a_port_that_is_half_taken_is_taken)
{
    if (!has_ipv6()) return;
    // Whoever listens on ::1 would get the code of a browser that asks there first.
    taken other(true);
    oauth::loopback_receiver receiver{other.port};
    auto const busy = receiver.prepare("http://localhost/");
    BOOST_REQUIRE(busy.has_error());
    BOOST_TEST((busy.error().code == oauth::errc::port_in_use));
    // On the literal address there is no such danger.
    BOOST_TEST(receiver.prepare("http://127.0.0.1/").has_value());
}

BOOST_AUTO_TEST_CASE(only_loopback_and_both_families_for_localhost)
{
    waiting w;
    BOOST_TEST(peer(w.port).connected());
    if (has_ipv6()) BOOST_TEST(peer(w.port, true).connected());
    // Bound to 127.0.0.1 alone: another loopback address does not answer, so no interface's would.
    int const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(w.port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
    BOOST_TEST(::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0);
    ::close(fd);
    w.finish();
}

BOOST_AUTO_TEST_CASE(a_redirect_with_a_query)
{
    waiting w("http://localhost/cb");
    auto const answer = w.ask(w.get("/cb?code=abc%2Fdef&state=good&session_state=x"));
    BOOST_TEST(status_of(answer) == "HTTP/1.1 200 OK");
    BOOST_TEST(answer.find("You can go back to the program") != std::string::npos);
    // Nobody knows that before the code is exchanged.
    BOOST_TEST(answer.find("igned in") == std::string::npos);
    BOOST_TEST(answer.ends_with("</html>\n"));
    auto const got = w.end();
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(*got == "http://localhost:" + std::to_string(w.port) + "/cb?code=abc%2Fdef&state=good&session_state=x");
    BOOST_TEST(!peer(w.port).connected());
}

BOOST_AUTO_TEST_CASE(over_ipv6)
{
    if (!has_ipv6()) return;
    waiting w;
    auto const answer = peer(w.port, true).ask(w.get("/?code=six&state=good"));
    BOOST_TEST(status_of(answer) == "HTTP/1.1 200 OK");
    BOOST_TEST(w.end().value().ends_with("/?code=six&state=good"));
}

BOOST_AUTO_TEST_CASE(an_error_is_refused)
{
    waiting w;
    auto const answer = w.ask(w.get("/?error=access_denied&error_description=<script>alert(1)</script>&state=good"));
    BOOST_TEST(answer.find("You are not signed in") != std::string::npos);
    BOOST_TEST(answer.find("role=\"alert\"") != std::string::npos);
    BOOST_TEST(answer.find("access_denied") == std::string::npos);
    BOOST_TEST(answer.find("alert(1)") == std::string::npos);
    BOOST_TEST(w.end().value().find("error=access_denied") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(form_post)
{
    waiting w;
    auto const answer = w.ask(w.post("/", "code=posted&state=good"));
    BOOST_TEST(status_of(answer) == "HTTP/1.1 200 OK");
    BOOST_TEST(w.end().value() == "code=posted&state=good");
    BOOST_REQUIRE_EQUAL(w.seen.size(), 1u);
}

BOOST_AUTO_TEST_CASE(form_post_of_browsers)
{
    waiting w;
    std::string const body = "code=" + std::string(20000, 'A') + "&state=good";
    auto head = "POST / HTTP/1.1\r\n" + w.host() + "Origin: https://login.microsoftonline.com\r\n"
                "Content-Type: Application/X-WWW-Form-Urlencoded; charset=UTF-8\r\n";
    BOOST_TEST_CONTEXT("in pieces")
    {
        peer p(w.port);
        for (auto const piece : {std::string_view(head), std::string_view("Content-Length: "), std::string_view("20016\r\n"), std::string_view("\r\n")})
        {
            p.send(piece);
            std::this_thread::sleep_for(2ms);
        }
        BOOST_TEST(status_of(p.ask(body)) == "HTTP/1.1 200 OK");
    }
    BOOST_TEST(w.end().value() == body);
}

// A page of another site submits a form to us: to the browser a navigation like any other, so it asks no leave by a preflight, and sends these. `Origin` is
// "null" where the page's Referrer-Policy is no-referrer.
BOOST_AUTO_TEST_CASE(form_post_as_browsers_send_it)
{
    std::string const agent = "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n";
    std::string const navigates = "Upgrade-Insecure-Requests: 1\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";
    std::string const others = "Connection: keep-alive\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-US,en;q=0.5\r\nCookie: another_program=x; its_session=y\r\n";
    struct
    {
        char const* who;
        std::string fields;
    } const rows[] = {
        {"Chromium", "Cache-Control: max-age=0\r\nsec-ch-ua: \"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\"\r\nsec-ch-ua-mobile: ?0\r\nsec-ch-ua-platform: \"Linux\"\r\n"
                     "Origin: https://login.microsoftonline.com\r\nReferer: https://login.microsoftonline.com/\r\n" + navigates},
        {"Chromium, no-referrer", "Cache-Control: max-age=0\r\nOrigin: null\r\n" + navigates},
        {"Firefox", "Origin: https://login.microsoftonline.com\r\nReferer: https://login.microsoftonline.com/\r\nDNT: 1\r\nPriority: u=0, i\r\n" + navigates},
        {"Firefox, no-referrer", "Origin: null\r\nPriority: u=0, i\r\n" + navigates},
        {"Safari", "Origin: https://login.microsoftonline.com\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"},
        {"without script: the user pressed the button", "Origin: null\r\nSec-Fetch-User: ?1\r\n" + navigates},
    };
    std::string const body = "code=1.A" + std::string(940, 'x') + "&state=good&session_state=a7c008dc-0000-4000-8000-000000000000";
    for (auto const& row : rows)
    {
        waiting w("http://localhost/cb");
        auto const head = "POST /cb HTTP/1.1\r\n" + w.host() + agent + row.fields + others + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                        + std::to_string(body.size()) + "\r\n\r\n";
        auto const answer = w.ask(head + body);
        BOOST_TEST(status_of(answer) == "HTTP/1.1 200 OK", row.who);
        BOOST_TEST(answer.find("You can go back to the program") != std::string::npos, row.who);
        BOOST_TEST(w.end().value() == body, row.who);
    }
}

BOOST_AUTO_TEST_CASE(chunked_form_post)
{
    waiting w;
    auto const answer = w.ask("POST / HTTP/1.1\r\n" + w.host() + "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "5\r\ncode=\r\nb\r\n1&state=goo\r\n1\r\nd\r\n0\r\n\r\n");
    BOOST_TEST(status_of(answer) == "HTTP/1.1 200 OK");
    BOOST_TEST(w.end().value() == "code=1&state=good");
}

BOOST_AUTO_TEST_CASE(a_long_code)
{
    waiting w;
    auto const target = "/?code=" + std::string(60000, 'x') + "&state=good";
    BOOST_TEST(status_of(w.ask(w.get(target))) == "HTTP/1.1 200 OK");
    BOOST_TEST(w.end().value() == "http://localhost:" + std::to_string(w.port) + target);
}

BOOST_AUTO_TEST_CASE(what_is_not_the_redirect)
{
    waiting w;
    auto const host = w.host();
    auto const form = "Content-Type: application/x-www-form-urlencoded\r\n";
    auto const port = std::to_string(w.port);
    auto const line = std::string("GET /?code=stolen&state=good HTTP/1.1\r\n");
    struct
    {
        char const* what;
        std::string request;
        char const* status;
    } const table[] = {
        {"favicon", w.get("/favicon.ico"), "HTTP/1.1 404 Not Found"},
        {"another path", w.get("/other?code=a&state=good"), "HTTP/1.1 404 Not Found"},
        {"a longer path", w.get("//?code=a&state=good"), "HTTP/1.1 404 Not Found"},
        {"absolute form", w.get("http://localhost:" + port + "/?code=a&state=good"), "HTTP/1.1 404 Not Found"},
        {"empty GET", w.get("/"), "HTTP/1.1 200 OK"},
        {"empty query", w.get("/?"), "HTTP/1.1 200 OK"},
        {"OPTIONS", "OPTIONS /?state=good HTTP/1.1\r\n" + host + "\r\n", "HTTP/1.1 405 Method Not Allowed"},
        {"HEAD", "HEAD /?state=good HTTP/1.1\r\n" + host + "\r\n", "HTTP/1.1 405 Method Not Allowed"},
        {"PUT", "PUT /?state=good HTTP/1.1\r\n" + host + "Content-Length: 1\r\n\r\nx", "HTTP/1.1 405 Method Not Allowed"},
        {"unknown method", "BREW /?state=good HTTP/1.1\r\n" + host + "\r\n", "HTTP/1.1 405 Method Not Allowed"},
        {"prefetch", line + host + "Sec-Purpose: prefetch\r\n\r\n", "HTTP/1.1 503 Service Unavailable"},
        {"prerender", line + host + "Sec-Purpose: prefetch;prerender\r\n\r\n", "HTTP/1.1 503 Service Unavailable"},
        {"old prefetch", line + host + "Purpose: prefetch\r\n\r\n", "HTTP/1.1 503 Service Unavailable"},
        {"preview", line + host + "X-Purpose: preview\r\n\r\n", "HTTP/1.1 503 Service Unavailable"},
        {"prefetch of Firefox", line + host + "X-Moz: Prefetch\r\n\r\n", "HTTP/1.1 503 Service Unavailable"},
        {"another host", line + "Host: evil.example:" + port + "\r\n\r\n", "HTTP/1.1 400 Bad Request"},
        {"a host like ours", line + "Host: localhost.evil.example:" + port + "\r\n\r\n", "HTTP/1.1 400 Bad Request"},
        {"no host", line + "\r\n", "HTTP/1.1 400 Bad Request"},
        {"empty host", line + "Host:\r\n\r\n", "HTTP/1.1 400 Bad Request"},
        {"two hosts", line + host + host + "\r\n", "HTTP/1.1 400 Bad Request"},
        {"another port", line + "Host: localhost:1\r\n\r\n", "HTTP/1.1 400 Bad Request"},
        {"no port", line + "Host: localhost\r\n\r\n", "HTTP/1.1 400 Bad Request"},
        {"no digits", line + "Host: localhost:\r\n\r\n", "HTTP/1.1 400 Bad Request"},
        {"trailing text in the port", line + "Host: localhost:" + port + "x\r\n\r\n", "HTTP/1.1 400 Bad Request"},
        {"an address of a network", line + "Host: 192.168.1.1:" + port + "\r\n\r\n", "HTTP/1.1 400 Bad Request"},
        {"JSON", "POST / HTTP/1.1\r\n" + host + "Content-Type: application/json\r\nContent-Length: 10\r\n\r\nstate=good",
         "HTTP/1.1 415 Unsupported Media Type"},
        {"no type", "POST / HTTP/1.1\r\n" + host + "Content-Length: 10\r\n\r\nstate=good", "HTTP/1.1 415 Unsupported Media Type"},
        {"empty form", "POST / HTTP/1.1\r\n" + host + form + "Content-Length: 0\r\n\r\n", "HTTP/1.1 400 Bad Request"},
        {"form too large", "POST / HTTP/1.1\r\n" + host + form + "Content-Length: 65537\r\n\r\n", "HTTP/1.1 413 Content Too Large"},
        {"length unheard of", "POST / HTTP/1.1\r\n" + host + form + "Content-Length: 99999999999999999999999\r\n\r\n", "HTTP/1.1 400 Bad Request"},
        {"negative length", "POST / HTTP/1.1\r\n" + host + form + "Content-Length: -1\r\n\r\n", "HTTP/1.1 400 Bad Request"},
        {"huge header", "GET /?state=good HTTP/1.1\r\n" + host + "Cookie: " + std::string(70000, 'c') + "\r\n\r\n",
         "HTTP/1.1 431 Request Header Fields Too Large"},
        {"huge target", w.get("/?state=good&code=" + std::string(70000, 'c')), "HTTP/1.1 431 Request Header Fields Too Large"},
        {"endless header", std::string(200000, 'a'), "HTTP/1.1 431 Request Header Fields Too Large"},
        {"garbage", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15), "HTTP/1.1 400 Bad Request"},
        {"binary", std::string("\0\xff\xfe GET / \r\n\r\n", 14), "HTTP/1.1 400 Bad Request"},
        {"no request line", "\r\n\r\n\r\n\r\n", "HTTP/1.1 400 Bad Request"},
        {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/1.1 400 Bad Request"},
        {"splitting", "GET /?state=good\rX: HTTP/1.1\r\n" + host + "\r\n", "HTTP/1.1 400 Bad Request"},
        {"wrong state", w.get("/?code=a&state=wrong"), "HTTP/1.1 400 Bad Request"},
        {"wrong state, posted", w.post("/", "code=a&state=wrong"), "HTTP/1.1 400 Bad Request"},
    };
    for (auto const& row : table)
    {
        auto const answer = w.ask(row.request);
        BOOST_TEST(status_of(answer) == row.status, row.what << ": " << status_of(answer));
        BOOST_TEST((answer.find("\r\nConnection: close\r\n") != std::string::npos), row.what);
        BOOST_TEST((answer.find("You can go back to the program") == std::string::npos), row.what);
        BOOST_TEST(w.still_waits(), row.what);
        if (std::string_view(row.status).find("405") != std::string_view::npos)
            BOOST_TEST((answer.find("\r\nAllow: GET, POST\r\n") != std::string::npos), row.what);
    }
    w.finish();
    // The judge saw nothing but the two wrong states and the right one.
    BOOST_REQUIRE_EQUAL(w.seen.size(), 3u);
    BOOST_TEST(w.seen[0] == "http://localhost:" + port + "/?code=a&state=wrong");
    BOOST_TEST(w.seen[1] == "code=a&state=wrong");
}

BOOST_AUTO_TEST_CASE(names_of_this_host)
{
    struct
    {
        char const* host;
        bool ours;
    } const table[] = {
        {"localhost:8400", true},  {"LOCALHOST:8400", true}, {"127.0.0.1:8400", true}, {"[::1]:8400", true},    {"127.9.9.9:8400", true},
        {"::1:8400", false},       {"[::1]", false},         {"[::2]:8400", false},    {"localhost.:8400", false}, {"1.127.0.0:8400", false},
        {"localhost:08400", true}, {"localhost:73936", false}, {"localhost:-8400", false}, {":8400", false},     {"", false},
        {"[]:8400", false},        {"8400", false},          {"localhost:8400:8400", false}, {"localhost 127.0.0.1:8400", false},
    };
    for (auto const& row : table) BOOST_TEST(oauth::detail::is_our_host(row.host, 8400) == row.ours, row.host);
    BOOST_TEST(oauth::detail::is_our_host("localhost", 80));
    BOOST_TEST(oauth::detail::is_our_host("[::1]", 80));
}

BOOST_AUTO_TEST_CASE(pages_and_their_fields)
{
    oauth::loopback_options options;
    options.page.application = "Tom & Jerry's <b>";
    options.page.language = "en-GB";
    waiting w("http://localhost/", options);
    std::vector<std::string> const answers = {w.ask(w.get("/")), w.ask(w.get("/?code=a&state=wrong")), w.ask(w.get("/?code=CANARY&state=good"))};
    for (auto const& answer : answers)
    {
        for (auto const* field : {"\r\nCache-Control: no-store\r\n", "\r\nReferrer-Policy: no-referrer\r\n", "\r\nX-Content-Type-Options: nosniff\r\n",
                                  "\r\nContent-Type: text/html; charset=utf-8\r\n", "\r\nContent-Security-Policy: default-src 'none'; "})
            BOOST_TEST((answer.find(field) != std::string::npos), field);
        BOOST_TEST(answer.find("<html lang=\"en-GB\"") != std::string::npos);
        BOOST_TEST(answer.find("<p class=\"app\">Tom &amp; Jerry&#39;s &lt;b&gt;</p>") != std::string::npos);
        BOOST_TEST(answer.find("prefers-color-scheme:dark") != std::string::npos);
        BOOST_TEST(answer.find("history.replaceState") != std::string::npos);
        BOOST_TEST(answer.find("<h1>") != std::string::npos);
        // Nothing is loaded, and nothing of the request is shown.
        for (auto const* word : {"http://", "https://", "src=", "href=", "url(", "@import", "CANARY", "state=", "style=", "onload"})
            BOOST_TEST((answer.substr(answer.find("\r\n\r\n")).find(word) == std::string::npos), word);
        auto const body = answer.substr(answer.find("\r\n\r\n") + 4);
        BOOST_TEST(answer.find("\r\nContent-Length: " + std::to_string(body.size()) + "\r\n") != std::string::npos);
    }
    BOOST_TEST(answers[0].find("Waiting for the sign-in") != std::string::npos);
    BOOST_TEST(answers[1].find("This is another sign-in") != std::string::npos);
    BOOST_TEST(w.end().has_value());
}

BOOST_AUTO_TEST_CASE(the_policy_names_the_hashes)
{
    using namespace oauth::detail;
    BOOST_TEST(page_policy.find("style-src '" + hash_of(page_style) + "'") != std::string_view::npos);
    BOOST_TEST(page_policy.find("script-src '" + hash_of(page_script) + "'") != std::string_view::npos);
    for (auto const kind : {page_kind::granted, page_kind::refused, page_kind::waiting, page_kind::stranger})
    {
        auto const html = html_of({}, kind);
        BOOST_TEST(html.find("<style>" + std::string(page_style) + "</style>") != std::string::npos);
        BOOST_TEST(html.find("<script>" + std::string(page_script) + "</script>") != std::string::npos);
        BOOST_TEST(html.find("<body class=\"" + std::string(name_of(kind)) + "\">") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(idle_and_slow_clients_keep_nobody_out)
{
    oauth::loopback_options options;
    options.request_deadline = 10s;
    waiting w("http://localhost/", options);
    // What a browser does ahead of need, and what a slow attacker does, well over the limit.
    std::vector<peer> idle;
    for (int i = 0; i != 100; ++i)
    {
        idle.emplace_back(w.port);
        BOOST_REQUIRE(idle.back().connected());
        if (i % 2 == 1) idle.back().send("GET /?code=slow HT");
    }
    auto const start = steady::now();
    w.finish();
    BOOST_TEST((steady::now() - start < 3s));
}

BOOST_AUTO_TEST_CASE(a_connection_opened_early_is_kept_for_later)
{
    oauth::loopback_options options;
    options.request_deadline = 100ms;
    waiting w("http://localhost/", options);
    peer early(w.port);
    std::this_thread::sleep_for(300ms);
    auto const answer = early.ask(w.get("/?code=real&state=good"));
    BOOST_TEST(status_of(answer) == "HTTP/1.1 200 OK");
    BOOST_TEST(w.end().has_value());
}

BOOST_AUTO_TEST_CASE(a_request_must_end_in_time)
{
    oauth::loopback_options options;
    options.request_deadline = 100ms;
    waiting w("http://localhost/", options);
    peer slow(w.port);
    auto const start = steady::now();
    bool cut = false;
    // A byte every few milliseconds, for ever: each byte must not win new time.
    while (!cut && steady::now() - start < 5s)
    {
        if (!slow.send("G")) cut = true;
        pollfd hung{slow.fd(), POLLIN, 0};
        if (::poll(&hung, 1, 10) > 0) cut = true;
    }
    BOOST_TEST(cut);
    BOOST_TEST((steady::now() - start < 3s));
    w.finish();
}

BOOST_AUTO_TEST_CASE(clients_that_vanish)
{
    waiting w;
    {
        peer half(w.port);
        half.send("GET /?code=real&sta");
        ::shutdown(half.fd(), SHUT_WR);
        BOOST_TEST(half.receive_all().empty());
    }
    for (int i = 0; i != 20; ++i)
    {
        // Reset in the middle of a request, and before the answer could be read.
        peer gone(w.port);
        gone.send(i % 2 == 0 ? std::string("GET / HTT") : w.get("/?code=a&state=wrong"));
        linger const reset{1, 0};
        ::setsockopt(gone.fd(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
    w.finish();
}

BOOST_AUTO_TEST_CASE(a_sign_in_counts_though_its_browser_is_gone)
{
    waiting w;
    {
        peer gone(w.port);
        gone.send(w.get("/?code=real&state=good"));
        linger const reset{1, 0};
        std::this_thread::sleep_for(20ms);
        ::setsockopt(gone.fd(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
    BOOST_TEST(w.end().value().find("code=real") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_client_that_never_leaves_delays_little)
{
    waiting w;
    peer stays(w.port);
    auto const start = steady::now();
    stays.send(w.get("/?code=real&state=good"));
    BOOST_TEST(w.end().has_value());
    BOOST_TEST((steady::now() - start < 2500ms));
    // The page was sent whole all the same.
    BOOST_TEST(stays.receive_all().ends_with("</html>\n"));
}

BOOST_AUTO_TEST_CASE(half_closed_clients_get_their_page)
{
    waiting w;
    peer half(w.port);
    half.send(w.get("/?code=real&state=good"));
    ::shutdown(half.fd(), SHUT_WR);
    BOOST_TEST(half.receive_all().ends_with("</html>\n"));
    BOOST_TEST(w.end().has_value());
}

BOOST_AUTO_TEST_CASE(a_client_may_go_on_speaking)
{
    // Closing at once would reset the connection, and a browser that still sends would show an error instead of the page.
    waiting w;
    peer p(w.port);
    auto const answer = p.ask("GET /?code=a HTTP/1.1\r\nCookie: " + std::string(70000, 'c'));
    BOOST_TEST(status_of(answer) == "HTTP/1.1 431 Request Header Fields Too Large");
    for (int i = 0; i != 2; ++i)
    {
        BOOST_TEST(p.send(std::string(1000, 'c')));
        std::this_thread::sleep_for(2ms);
    }
    p.close();
    w.finish();
}

BOOST_AUTO_TEST_CASE(the_first_good_one_wins)
{
    waiting w;
    std::vector<std::future<std::string>> clients;
    for (int i = 0; i != 8; ++i)
        clients.push_back(std::async(std::launch::async, [&w, i] { return w.ask(w.get("/?code=c" + std::to_string(i) + "&state=good")); }));
    auto const got = w.end();
    BOOST_REQUIRE(got.has_value());
    int served = 0;
    for (auto& client : clients) served += client.get().find("You can go back to the program") != std::string::npos ? 1 : 0;
    BOOST_TEST(served == 1);
    BOOST_TEST(w.seen.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_came_between_prepare_and_receive_waits)
{
    oauth::loopback_receiver receiver;
    auto const uri = receiver.prepare("http://127.0.0.1/").value();
    auto const port = port_of(uri);
    peer early(port);
    BOOST_REQUIRE(early.send("GET /?code=early HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n\r\n"));
    auto answer = std::async(std::launch::async, [&early] { return early.receive_all(); });
    auto const got = receiver.receive([](std::string_view) { return oauth::reception::granted; });
    BOOST_TEST(got.value() == uri + "?code=early");
    BOOST_TEST(answer.get().ends_with("</html>\n"));
}

BOOST_AUTO_TEST_CASE(deadline)
{
    oauth::loopback_options options;
    options.deadline = 60ms;
    oauth::loopback_receiver receiver(options);
    auto const uri = receiver.prepare("http://localhost/").value();
    auto const start = steady::now();
    auto const late = receiver.receive([](std::string_view) { return oauth::reception::granted; });
    auto const took = steady::now() - start;
    BOOST_REQUIRE(late.has_error());
    BOOST_TEST((late.error().code == oauth::errc::sign_in_timeout));
    BOOST_TEST((late.error().next == oauth::advice::sign_in_again));
    BOOST_TEST((took >= 60ms));
    BOOST_TEST((took < 2s));
    BOOST_TEST(!peer(port_of(uri)).connected());
    // Once more, on the same receiver.
    BOOST_TEST(receiver.prepare("http://localhost/").has_value());
    BOOST_TEST((receiver.receive([](std::string_view) { return oauth::reception::granted; }).error().code == oauth::errc::sign_in_timeout));
}

BOOST_AUTO_TEST_CASE(the_longest_of_all_is_no_deadline)
{
    oauth::loopback_options options;
    options.deadline = options.request_deadline = std::chrono::milliseconds::max();
    waiting w("http://localhost/", options);
    std::this_thread::sleep_for(100ms);
    BOOST_TEST(w.still_waits());
    peer slow(w.port);
    slow.send("GET /?code=real&state=g");
    std::this_thread::sleep_for(100ms);
    auto const answer = slow.ask("ood HTTP/1.1\r\nHost: localhost:" + std::to_string(w.port) + "\r\n\r\n");
    BOOST_TEST(status_of(answer) == "HTTP/1.1 200 OK");
    BOOST_TEST(w.end().has_value());
}

BOOST_AUTO_TEST_CASE(strangers_do_not_put_the_deadline_off)
{
    oauth::loopback_options options;
    options.deadline = 200ms;
    waiting w("http://localhost/", options);
    auto const start = steady::now();
    while (w.still_waits() && steady::now() - start < 5s)
    {
        peer p(w.port);
        if (p.connected()) p.ask(w.get("/?code=a&state=wrong"));
    }
    BOOST_TEST((steady::now() - start < 3s));
    BOOST_TEST((w.end().error().code == oauth::errc::sign_in_timeout));
}

BOOST_AUTO_TEST_CASE(cancelled_from_another_thread)
{
    waiting w;
    std::this_thread::sleep_for(20ms);
    auto const start = steady::now();
    w.receiver.stop();
    auto const ended = w.end();
    BOOST_REQUIRE(ended.has_error());
    BOOST_TEST((ended.error().code == oauth::errc::cancelled));
    BOOST_TEST((steady::now() - start < 2s));
    // For good, and before the wait as well.
    BOOST_TEST(w.receiver.prepare("http://localhost/").has_value());
    BOOST_TEST((w.receiver.receive([](std::string_view) { return oauth::reception::granted; }).error().code == oauth::errc::cancelled));
}

BOOST_AUTO_TEST_CASE(the_stopper_follows_a_moved_receiver)
{
    oauth::loopback_receiver first;
    auto const stop = first.stopper();
    auto second = std::move(first);
    BOOST_TEST(second.prepare("http://localhost/").has_value());
    auto done = std::async(std::launch::async, [&second] { return second.receive([](std::string_view) { return oauth::reception::granted; }); });
    stop();
    BOOST_TEST((done.get().error().code == oauth::errc::cancelled));
}

BOOST_AUTO_TEST_CASE(receive_without_prepare)
{
    oauth::loopback_receiver receiver;
    BOOST_TEST((receiver.receive([](std::string_view) { return oauth::reception::granted; }).error().code == oauth::errc::receiver_failed));
}

BOOST_AUTO_TEST_CASE(what_the_judge_throws_passes)
{
    oauth::loopback_receiver receiver;
    auto const uri = receiver.prepare("http://localhost/").value();
    peer p(port_of(uri));
    p.send("GET /?a=b HTTP/1.1\r\nHost: localhost:" + std::to_string(port_of(uri)) + "\r\n\r\n");
    BOOST_CHECK_THROW((void)receiver.receive([](std::string_view) -> oauth::reception { throw std::runtime_error("judge"); }), std::runtime_error);
    BOOST_TEST(!peer(port_of(uri)).connected());
}

BOOST_AUTO_TEST_CASE(no_descriptor_is_inherited_or_left)
{
    auto const before = open_files();
    if (before.empty()) return;
    {
        oauth::loopback_receiver receiver;
        auto const port = port_of(receiver.prepare("http://localhost/").value());
        peer p(port);
        p.send("GET /?a=b HTTP/1.1\r\nHost: localhost:" + std::to_string(port) + "\r\n\r\n");
        bool checked = false;
        auto const got = receiver.receive([&](std::string_view) {
            // Acceptors, the accepted connection and what Asio needs, all open now.
            for (int const fd : open_files())
                if (before.count(fd) == 0)
                {
                    checked = true;
                    BOOST_TEST((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
                }
            return oauth::reception::granted;
        });
        BOOST_TEST(got.has_value());
        BOOST_TEST(checked);
    }
    BOOST_TEST((open_files() == before));
}

BOOST_AUTO_TEST_CASE(hints_hold_nothing_of_a_redirect)
{
    oauth::loopback_options options;
    options.deadline = 150ms;
    waiting w("http://localhost/", options);
    w.ask(w.get("/?code=CANARY&state=wrong"));
    w.ask(w.post("/", "code=CANARY&state=wrong"));
    auto const late = w.end();
    BOOST_REQUIRE(late.has_error());
    BOOST_TEST(oauth::describe(late.error()).find("CANARY") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
