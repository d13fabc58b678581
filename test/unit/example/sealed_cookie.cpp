#include "../../../example/support/sealed_cookie.hpp"
#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(example_sealed_cookie)

BOOST_AUTO_TEST_CASE(what_is_sealed_comes_back)
{
    example::cookie_sealer const sealer;
    for (std::string const& text : {std::string(), std::string("x"), std::string("a\0b;\r\n", 6), std::string(4000, 'y')})
    {
        auto const sealed = sealer.seal("sign_in.1", text);
        BOOST_TEST(sealed.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == sealed.npos);
        auto const opened = sealer.open("sign_in.1", sealed);
        BOOST_TEST_REQUIRE(opened.has_value());
        BOOST_TEST(opened->reveal() == text);
    }
}

BOOST_AUTO_TEST_CASE(no_two_are_the_same)
{
    example::cookie_sealer const sealer;
    BOOST_TEST(sealer.seal("a", "text") != sealer.seal("a", "text"));
    BOOST_TEST(example::random_text() != example::random_text());
    BOOST_TEST(example::random_text().size() == 43u);
}

BOOST_AUTO_TEST_CASE(any_change_is_seen)
{
    example::cookie_sealer const sealer;
    auto const sealed = sealer.seal("sign_in.1", "the code verifier");
    for (std::size_t at = 0; at < sealed.size(); ++at)
        for (char const other : {'A', 'B', 'Q', '_', '=', ' '})
        {
            auto changed = sealed;
            changed[at] = other;
            BOOST_TEST(sealer.open("sign_in.1", changed).has_value() == (changed == sealed), "byte " << at << " is " << other);
        }
}

BOOST_AUTO_TEST_CASE(any_other_length_is_seen)
{
    example::cookie_sealer const sealer;
    for (std::string_view const text : {"", "the code verifier"})
    {
        auto const sealed = sealer.seal("sign_in.1", text);
        for (std::size_t size = 0; size < sealed.size(); ++size) BOOST_TEST(!sealer.open("sign_in.1", sealed.substr(0, size)), size);
        for (std::string const& more : {std::string("A"), std::string("AA"), std::string("AAAA"), std::string("="), sealed, std::string(1 << 20, 'A')})
            BOOST_TEST(!sealer.open("sign_in.1", sealed + more), more.size());
    }
    BOOST_TEST(!sealer.open("sign_in.1", std::string(1 << 20, 'A')));
    BOOST_TEST(!sealer.open("sign_in.1", std::string_view("\0\0\0\0", 4)));
}

BOOST_AUTO_TEST_CASE(it_is_for_one_name_only)
{
    example::cookie_sealer const sealer;
    auto const sealed = sealer.seal("sign_in.1", "text");
    for (char const* name : {"", "sign_in.", "sign_in.2", "sign_in.11", "Sign_in.1", "session"}) BOOST_TEST(!sealer.open(name, sealed), name);
    BOOST_TEST(sealer.open("sign_in.1", sealed).has_value());
}

BOOST_AUTO_TEST_CASE(it_is_for_one_key_only)
{
    example::cookie_sealer const sealer, other;
    BOOST_TEST(!other.open("sign_in.1", sealer.seal("sign_in.1", "text")));
}

BOOST_AUTO_TEST_SUITE_END()
