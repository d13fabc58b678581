#include <oauth/jose/jws_algorithm.hpp>
#include <boost/test/unit_test.hpp>
#include <string_view>

namespace {

using oauth::jws_algorithm;
using oauth::jws_algorithms;
using enum oauth::jws_algorithm;

constexpr jws_algorithm all[] = {rs256, rs384, rs512, ps256, ps384, ps512, es256, es384, es512, eddsa, hs256, hs384, hs512};

static_assert(oauth::to_jws_algorithm("ES256") == es256);
static_assert(jws_algorithms{es256, rs256}.contains(es256));
static_assert(!jws_algorithms{es256, rs256}.contains(es384));
static_assert(jws_algorithms().empty());

} // namespace

BOOST_AUTO_TEST_SUITE(jose_jws_algorithm)

BOOST_AUTO_TEST_CASE(names_both_ways)
{
    constexpr std::string_view names[] = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "HS256", "HS384", "HS512"};
    for (std::size_t i = 0; i < std::size(all); ++i)
    {
        BOOST_TEST(to_string(all[i]) == names[i]);
        BOOST_TEST((oauth::to_jws_algorithm(names[i]) == all[i]));
    }
    BOOST_TEST((oauth::to_jws_algorithm("Ed25519") == eddsa));
}

BOOST_AUTO_TEST_CASE(other_names_are_none)
{
    for (std::string_view name : {"none", "None", "NONE", "", "rs256", "RS256 ", " RS256", "RS25", "RS2566", "ES256K", "Ed448", "eddsa", "HS1", "RSA-OAEP", "dir", "A128KW"})
        BOOST_TEST(!oauth::to_jws_algorithm(name).has_value(), name);
}

BOOST_AUTO_TEST_CASE(sets)
{
    for (auto const value : all)
    {
        BOOST_TEST(!jws_algorithms().contains(value));
        for (auto const other : all) BOOST_TEST(jws_algorithms{value}.contains(other) == (value == other));
        BOOST_TEST(jws_algorithms::asymmetric().contains(value) == (value != hs256 && value != hs384 && value != hs512));
    }
    for (auto const value : all) BOOST_TEST(jws_algorithms::symmetric().contains(value) != jws_algorithms::asymmetric().contains(value));
    BOOST_TEST(jws_algorithms::symmetric().common(jws_algorithms::asymmetric()).empty());
    BOOST_TEST((jws_algorithms{hs256, es256}.common(jws_algorithms::symmetric()) == jws_algorithms{hs256}));
    BOOST_TEST((jws_algorithms{hs256, es256}.common({es256, rs256}) == jws_algorithms{es256}));
    jws_algorithms some{rs256};
    some.insert(es256);
    BOOST_TEST((some == jws_algorithms{es256, rs256}));
    BOOST_TEST((some != jws_algorithms{es256}));
    BOOST_TEST(!some.empty());
}

BOOST_AUTO_TEST_SUITE_END()
