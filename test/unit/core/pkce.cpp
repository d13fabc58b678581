#include <oauth/core/pkce.hpp>
#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <array>
#include <string>

BOOST_AUTO_TEST_SUITE(core_pkce)

// RFC 7636 appendix B
BOOST_AUTO_TEST_CASE(example_of_the_rfc)
{
    std::array<std::byte, 32> random{};
    constexpr std::array<unsigned char, 32> octets{116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191, 240, 91, 88, 5,
        88, 83, 132, 141, 121};
    std::transform(octets.begin(), octets.end(), random.begin(), [](unsigned char octet) { return std::byte{octet}; });
    auto const made = oauth::pkce::from_random(random);
    BOOST_TEST(made.verifier.reveal() == "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    BOOST_TEST(made.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    BOOST_TEST(oauth::pkce::s256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == made.challenge);
}

BOOST_AUTO_TEST_CASE(has_the_form_that_the_rfc_asks_for)
{
    for (auto fill : {std::byte{0}, std::byte{0xff}, std::byte{0x5a}})
    {
        std::array<std::byte, 32> random{};
        random.fill(fill);
        auto const made = oauth::pkce::from_random(random);
        BOOST_TEST(made.verifier.size() == 43u);
        BOOST_TEST(made.challenge.size() == 43u);
        auto const text = made.verifier.reveal();
        BOOST_TEST(std::all_of(text.begin(), text.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        }));
    }
}

BOOST_AUTO_TEST_CASE(other_bytes_other_verifier)
{
    std::array<std::byte, 32> random{};
    auto const first = oauth::pkce::from_random(random);
    random[31] = std::byte{1};
    auto const second = oauth::pkce::from_random(random);
    BOOST_TEST((first.verifier != second.verifier));
    BOOST_TEST(first.challenge != second.challenge);
}

BOOST_AUTO_TEST_SUITE_END()
