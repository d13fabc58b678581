#include <oauth/machine/detail/merge_claims.hpp>
#include <boost/test/unit_test.hpp>
#include "../../../support/jose.hpp"
#include <string>
#include <string_view>

namespace {

using namespace oauth;
using test_support::code_of;

std::string const c1 = R"({"access_token":{"nbf":{"essential":true,"value":"1"}}})", c2 = R"({"access_token":{"acrs":{"essential":true,"value":"c2"}}})",
                  both = R"({"access_token":{"nbf":{"essential":true,"value":"1"},"acrs":{"essential":true,"value":"c2"}}})";

form body_with(std::string_view encoded)
{
    form made;
    made.add("grant_type", "test").add_encoded(encoded).add("assertion", "what came");
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(machine_detail_merge_claims)

BOOST_AUTO_TEST_CASE(they_come_to_those_that_are_there)
{
    form none;
    none.add("grant_type", "test");
    BOOST_TEST(detail::merge_claims(none, c1).value() == c1);
    form some;
    some.add("claims", c1).add("grant_type", "test");
    BOOST_TEST(detail::merge_claims(some, c2).value() == both);
    form expected;
    expected.add("grant_type", "test").add("claims", both);
    BOOST_TEST(some.str() == expected.str());
}

BOOST_AUTO_TEST_CASE(what_can_not_be_read_is_left_as_it_is)   // a user's own grant may write anything
{
    for (auto const* encoded : {"claims=%zz", "claims=%4", "claims=%", "claims=%7B%zz%7D", "claims=none", "claims=%5B%5D", "claims=%00"})
        BOOST_TEST_CONTEXT(encoded)
        {
            auto body = body_with(encoded);
            auto const before = std::string(body.str());
            auto const merged = detail::merge_claims(body, c1);
            BOOST_TEST(code_of(merged) == errc::malformed_claims);
            BOOST_TEST((merged.error().next == advice::fix_configuration));
            BOOST_TEST(body.str() == before);
        }
    auto broken = body_with("claims=%zz");
    BOOST_TEST(detail::merge_claims(broken, c1).error().hint == "a claims request must be well-encoded");
}

BOOST_AUTO_TEST_SUITE_END()
