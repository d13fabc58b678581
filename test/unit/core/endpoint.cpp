#include <oauth/core/endpoint.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(core_endpoint)

BOOST_AUTO_TEST_CASE(loopback_is_this_machine_only)
{
    for (auto host : {"localhost", "127.0.0.1", "127.0.0.2", "127.255.255.255", "::1", "[::1]"}) BOOST_TEST(oauth::is_loopback(host), host);
    for (auto host : {"", "localhost.", "localhost.evil.example", "evil-localhost", "127.0.0.1.evil.example", "128.0.0.1", "126.255.255.255", "127.1", "0.0.0.0", "10.0.0.1",
             "::2", "[::2]", "::ffff:127.0.0.1", "127.0.0.1:80", "0x7f.0.0.1", "017700000001"})
        BOOST_TEST(!oauth::is_loopback(host), host);
}

struct good_url
{
    char const* url;
    char const* host;
    std::uint16_t port;
    bool secure;
    char const* origin;
    char const* target;
};

BOOST_AUTO_TEST_CASE(takes_a_url_apart)
{
    for (auto const& [url, host, port, secure, origin, target] : {
             good_url{"https://login.example/token", "login.example", 443, true, "https://login.example", "/token"},
             good_url{"https://login.example:8443/a/b?p=1&q=%20", "login.example", 8443, true, "https://login.example:8443", "/a/b?p=1&q=%20"},
             good_url{"HTTPS://Login.EXAMPLE/Token", "login.example", 443, true, "HTTPS://Login.EXAMPLE", "/Token"},
             good_url{"https://login.example", "login.example", 443, true, "https://login.example", ""},
             good_url{"https://login.example?p=1", "login.example", 443, true, "https://login.example", "?p=1"},
             good_url{"https://login.example/", "login.example", 443, true, "https://login.example", "/"},
             good_url{"https://a_b-c.example/", "a_b-c.example", 443, true, "https://a_b-c.example", "/"},
             good_url{"https://192.0.2.7/x", "192.0.2.7", 443, true, "https://192.0.2.7", "/x"},
             good_url{"https://[2001:db8::7]:444/x", "2001:db8::7", 444, true, "https://[2001:db8::7]:444", "/x"},
             good_url{"http://localhost/x", "localhost", 80, false, "http://localhost", "/x"},
             good_url{"http://LOCALHOST:8080/x", "localhost", 8080, false, "http://LOCALHOST:8080", "/x"},
             good_url{"http://127.0.0.1:1/x", "127.0.0.1", 1, false, "http://127.0.0.1:1", "/x"},
             good_url{"http://[::1]:65535/x", "::1", 65535, false, "http://[::1]:65535", "/x"},
         })
    {
        auto const at = oauth::endpoint::parse(url);
        BOOST_TEST_REQUIRE(at.has_value(), url);
        BOOST_TEST(at->url() == url);
        BOOST_TEST(at->host() == host);
        BOOST_TEST(at->port() == port);
        BOOST_TEST(at->secure() == secure);
        BOOST_TEST(at->origin() == origin);
        BOOST_TEST(at->target() == target);
        BOOST_TEST(at->has_path() == (*target == '/'));
        BOOST_TEST(!at->empty());
    }
}

BOOST_AUTO_TEST_CASE(refuses_with_the_right_error)
{
    using enum oauth::errc;
    struct row
    {
        std::string url;
        oauth::errc why;
    };
    for (auto const& [url, why] : {
             row{"", invalid_url},
             row{"login.example/token", invalid_url},
             row{"/token", invalid_url},
             row{"//login.example/token", invalid_url},
             row{"https:", invalid_url},
             row{"https://", invalid_url},
             row{"https:///token", invalid_url},
             row{"https://:443/token", invalid_url},
             row{"ftp://login.example/", invalid_url},
             row{"file:///etc/passwd", invalid_url},
             row{"urn:ietf:wg:oauth:2.0:oob", invalid_url},
             row{"localhost:8080", invalid_url},
             row{"https://login.example:0/", invalid_url},
             row{"https://login.example:/", invalid_url},
             row{"https://login.example:65536/", invalid_url},
             row{"https://login.example:65979/", invalid_url},   // 443 + 65536
             row{"https://login.example:99999/", invalid_url},
             row{"https://login.example:99999999999/", invalid_url},
             row{"https://login.example:x/", invalid_url},
             row{"https://login example/", invalid_url},
             row{"https://login.example/a b", invalid_url},
             row{" https://login.example/", invalid_url},
             row{"https://login.example/\r\nX: y", invalid_url},
             row{std::string("https://login.example/\0", 23), invalid_url},
             row{"https://login.example/%zz", invalid_url},
             row{"https://login.example/{tenant}", invalid_url},
             row{"https://[::1/", invalid_url},
             row{"https://[v1.x]/", invalid_url},
             // Decoded, these would stand in a Host header.
             row{"https://evil.example%0d%0aX-Header:%20y/", invalid_url},
             row{"https://login.example%00.evil.example/", invalid_url},
             row{"https://login.example%2fx/", invalid_url},
             row{"http://login.example/", insecure_url},
             row{"http://localhost.evil.example/", insecure_url},
             row{"http://192.168.0.1/", insecure_url},
             row{"http://[::2]/", insecure_url},
             row{"https://login.example/#", url_has_fragment},
             row{"https://login.example/#access_token=1", url_has_fragment},
             row{"https://user@login.example/", url_has_userinfo},
             row{"https://user:word@login.example/", url_has_userinfo},
             row{"https://@login.example/", url_has_userinfo},
         })
    {
        auto const at = oauth::endpoint::parse(url);
        BOOST_TEST_REQUIRE(at.has_error(), oauth::escaped(url));
        BOOST_TEST((at.error().code == why), oauth::escaped(url) << ": " << at.error().code.message());
        BOOST_TEST((at.error().next == oauth::advice::fix_configuration));
        BOOST_CHECK_THROW(oauth::endpoint{url}, oauth::error);
    }
}

// Whether such a name can be told from an address depends on Boost.URL; that it is never taken for the address does not.
BOOST_AUTO_TEST_CASE(a_name_that_begins_like_an_address_is_not_one)
{
    for (auto url : {"http://127.0.0.1.evil.example/", "http://127.0.0.1x/", "http://127.0.0.1%2eevil.example/", "http://[::1].evil.example/", "https://[::1]x/"})
    {
        auto const at = oauth::endpoint::parse(url);
        BOOST_TEST_REQUIRE(at.has_error(), url);
        BOOST_TEST((at.error().code == oauth::errc::insecure_url || at.error().code == oauth::errc::invalid_url), url);
    }
    if (auto const at = oauth::endpoint::parse("https://127.0.0.1.evil.example/")) BOOST_TEST(at->host() == "127.0.0.1.evil.example");
}

// The hint names the URL, but nothing of it that may be a secret.
BOOST_AUTO_TEST_CASE(no_secret_of_the_url_enters_the_failure)
{
    for (auto url : {"https://user:CANARY@login.example/", "https://user:CANARY@login.example/#f", "http://user:CANARY@login.example/", "ftp://user:CANARY@login.example/",
             "https://user:CANARY@login example/", "https://user:CANARY@login.example:0/", "http://login.example/?key=CANARY", "https://login.example/#CANARY",
             "https://login.example/?key=CANARY#x", "https://CANARY@"})
    {
        auto const at = oauth::endpoint::parse(url);
        BOOST_TEST_REQUIRE(at.has_error(), url);
        BOOST_TEST(oauth::describe(at.error()).find("CANARY") == std::string::npos, url);
    }
    BOOST_TEST(oauth::endpoint::parse("http://login.example/token").error().hint == "http://login.example/token");
    BOOST_TEST(oauth::endpoint::parse("\x1b[2J" + std::string(500, 'x')).error().hint.size() < 300u);
}

BOOST_AUTO_TEST_CASE(no_port_beyond_the_last_is_taken_for_another)
{
    for (long port = 65'536; port < 330'000; port += port < 70'000 ? 1 : 977)
        BOOST_TEST(oauth::endpoint::parse("https://login.example:" + std::to_string(port) + "/").has_error(), port);
    for (auto zeros : {"0443", "000000000443"}) BOOST_TEST(oauth::endpoint(std::string("https://login.example:") + zeros).port() == 443);
}

BOOST_AUTO_TEST_CASE(a_null_pointer_is_no_url)
{
    char const* const none = nullptr;
    BOOST_CHECK_THROW(oauth::endpoint{none}, oauth::error);
}

BOOST_AUTO_TEST_CASE(empty_and_equal)
{
    oauth::endpoint const none;
    BOOST_TEST(none.empty());
    BOOST_TEST(none.url().empty());
    BOOST_TEST(none.target().empty());
    BOOST_TEST((none == oauth::endpoint()));
    oauth::endpoint const a = "https://login.example/a";
    oauth::endpoint const same = std::string("https://login.example/a");
    BOOST_TEST((a == same));
    BOOST_TEST((a != oauth::endpoint("https://login.example/b")));
}

BOOST_AUTO_TEST_CASE(same_origin_is_scheme_host_and_port)
{
    oauth::endpoint const a = "https://login.example/a";
    for (auto same : {"https://login.example:443/b", "https://LOGIN.example/?x"}) BOOST_TEST(a.same_origin(same), same);
    for (auto other : {"https://login.example:444/a", "https://login.example.evil.example/a", "https://sub.login.example/a"}) BOOST_TEST(!a.same_origin(other), other);
    BOOST_TEST(!oauth::endpoint("https://localhost:80/").same_origin("http://localhost/"));
}

BOOST_AUTO_TEST_SUITE_END()
