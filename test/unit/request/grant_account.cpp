#include <oauth/request/grant_account.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/request/client_credentials.hpp>
#include <oauth/request/on_behalf_of.hpp>
#include <oauth/request/token_exchange.hpp>
#include <set>
#include <string>

BOOST_AUTO_TEST_SUITE(request_grant_account)

using oauth::grant_account;
using oauth::secret;

BOOST_AUTO_TEST_CASE(one_for_each_thing_that_can_be_asked)
{
    std::set<std::string> keys;
    std::size_t count = 0;
    auto const add = [&](auto const& grant) {
        keys.insert(grant_account(grant).key);
        ++count;
        BOOST_TEST(grant_account(grant).key == grant_account(grant).key);
    };
    add(oauth::client_credentials{});
    add(oauth::client_credentials{.scope = "a"});
    add(oauth::client_credentials{.resource = "a"});
    add(oauth::client_credentials{.claims = "a"});
    add(oauth::client_credentials{.extra = {{"audience", "a"}}});
    add(oauth::on_behalf_of{.assertion = secret("one"), .scope = "a"});
    add(oauth::on_behalf_of{.assertion = secret("two"), .scope = "a"});
    add(oauth::token_exchange{.subject_token = secret("one"), .audience = "a"});
    add(oauth::token_exchange{.subject_token = secret("one"), .audience = "b"});
    BOOST_TEST(keys.size() == count);
}

BOOST_AUTO_TEST_CASE(a_key_says_nothing_of_the_assertion)
{
    auto const key = grant_account(oauth::on_behalf_of{.assertion = secret("the-assertion")}).key;
    BOOST_TEST(key.find("assertion") == key.npos);
    BOOST_TEST(key.starts_with("transient grant "));
    BOOST_TEST(key.size() == 16U + 43U);
    BOOST_TEST(grant_account(oauth::client_credentials{}).key.starts_with("grant "));
}

BOOST_AUTO_TEST_SUITE_END()
