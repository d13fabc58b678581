#include <oauth/core/form.hpp>
#include <oauth/core/form_parameters.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

static_assert(!std::is_copy_constructible_v<oauth::form> && !std::is_copy_assignable_v<oauth::form>, "it holds secrets");
static_assert(std::is_nothrow_move_constructible_v<oauth::form> && std::is_nothrow_move_assignable_v<oauth::form>);

BOOST_AUTO_TEST_SUITE(core_form)

BOOST_AUTO_TEST_CASE(writes)
{
    oauth::form body;
    BOOST_TEST(body.empty());
    BOOST_TEST(body.str() == "");
    body.add("a", "1");
    BOOST_TEST(!body.empty());
    BOOST_TEST(body.str() == "a=1");
    body.add("b", "").add_if("c", "").add_if("d", "2").add("", "3").add("a", "1");
    BOOST_TEST(body.str() == "a=1&b=&d=2&=3&a=1");
}

// RFC 6749 appendix B: " %&+" and the pound and euro signs. A blank may be written either way; every decoder takes %20.
BOOST_AUTO_TEST_CASE(example_of_rfc_6749)
{
    oauth::form body;
    body.add("name", " %&+\xc2\xa3\xe2\x82\xac");
    BOOST_TEST(body.str() == "name=%20%25%26%2B%C2%A3%E2%82%AC");
}

BOOST_AUTO_TEST_CASE(every_byte_survives)
{
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    oauth::form body;
    body.add(all, all).add("x", all);
    auto const back = oauth::parse_form(body.str()).value();
    BOOST_TEST_REQUIRE(back.size() == 2u);
    BOOST_TEST((back[0].name == all && back[0].value == all && back[1].value == all));
}

BOOST_AUTO_TEST_CASE(grows)
{
    oauth::form body;
    std::string expected;
    for (int i = 0; i < 200; ++i)
    {
        std::string const value(static_cast<std::size_t>(i * 7 % 301), i % 2 == 0 ? 'x' : '/');
        body.add("name" + std::to_string(i), value);
        if (i > 0) expected += '&';
        expected += "name" + std::to_string(i) + '=';
        for (char c : value) expected += c == '/' ? "%2F" : "x";
        BOOST_TEST_REQUIRE((body.str() == expected));
    }
    oauth::form big;
    big.add("a", std::string(1'000'000, '/'));
    BOOST_TEST(big.str().size() == 3'000'002u);
    BOOST_TEST(big.str().ends_with("%2F"));
}

BOOST_AUTO_TEST_CASE(takes_what_is_encoded_already)
{
    oauth::form body;
    BOOST_TEST(body.add_encoded("").empty());
    BOOST_TEST(body.add_encoded("a=%20&b=2").str() == "a=%20&b=2");
    BOOST_TEST(body.add("c", "/").add_encoded("").add_encoded("d=4").str() == "a=%20&b=2&c=%2F&d=4");
}

BOOST_AUTO_TEST_CASE(knows_what_is_in_it)
{
    oauth::form body;
    BOOST_TEST(!body.contains("a"));
    body.add("client_id", "x").add("my_client_id2", "client_id=").add("b", "&c=1").add("empty", "");
    for (auto const* name : {"client_id", "my_client_id2", "b", "empty"}) BOOST_TEST(body.contains(name), name);
    for (auto const* name : {"client", "id", "client_id2", "my_client_id", "c", "x", "empty1"}) BOOST_TEST(!body.contains(name), name);
    oauth::form late;
    late.add("not_client_id", "1").add("client_id", "2");
    BOOST_TEST(late.contains("client_id"));
}

BOOST_AUTO_TEST_CASE(moves_and_leaves_nothing_behind)
{
    for (std::string const& value : {std::string("short"), std::string(5000, 'x')})
    {
        oauth::form a;
        a.add("k", value);
        oauth::form b(std::move(a));
        BOOST_TEST(a.empty());
        BOOST_TEST((b.str() == "k=" + value));
        a.add("again", "1");
        BOOST_TEST(a.str() == "again=1");
        a = std::move(b);
        BOOST_TEST(b.empty());
        BOOST_TEST((a.str() == "k=" + value));
        auto& same = a;
        a = std::move(same);
        BOOST_TEST((a.str() == "k=" + value));
        auto const released = a.release();
        BOOST_TEST((released.reveal() == "k=" + value));
        BOOST_TEST(a.empty());
        a.add("x", "y");
        BOOST_TEST(a.str() == "x=y");
    }
}

BOOST_AUTO_TEST_SUITE_END()
