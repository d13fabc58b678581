#include <oauth/core/base64url.hpp>
#include <boost/test/unit_test.hpp>
#include <array>
#include <string>

namespace {

struct vector
{
    std::string_view plain;
    std::string_view encoded;
};

using namespace std::string_view_literals;

constexpr std::array vectors{
    // RFC 4648 10, without the padding
    vector{"", ""},
    vector{"f", "Zg"},
    vector{"fo", "Zm8"},
    vector{"foo", "Zm9v"},
    vector{"foob", "Zm9vYg"},
    vector{"fooba", "Zm9vYmE"},
    vector{"foobar", "Zm9vYmFy"},
    // The two digits that differ from base64's
    vector{"\xfb\xff\xbf", "-_-_"},
    vector{"\xff\xff\xff", "____"},
    vector{"\0"sv, "AA"},
    vector{"\0\0\0\0"sv, "AAAAAA"},
    // RFC 7515 A.1.1
    vector{"{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}", "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(core_base64url)

BOOST_AUTO_TEST_CASE(known_vectors_both_ways)
{
    for (auto const& [plain, encoded] : vectors)
    {
        BOOST_TEST(oauth::base64url_encode(plain) == encoded);
        BOOST_TEST(oauth::base64url_size(plain.size()) == encoded.size());
        auto const decoded = oauth::base64url_decode(encoded);
        BOOST_TEST_REQUIRE(decoded.has_value(), encoded);
        BOOST_TEST(*decoded == plain);
    }
}

BOOST_AUTO_TEST_CASE(encodes_in_place_and_says_where_it_ends)
{
    std::array<char, 8> room{'.', '.', '.', '.', '.', '.', '.', '.'};
    std::array const bytes{std::byte{'f'}, std::byte{'o'}, std::byte{'o'}, std::byte{'b'}};
    BOOST_TEST(oauth::base64url_encode(bytes, room.data()) - room.data() == 6);
    BOOST_TEST(std::string_view(room.data(), room.size()) == "Zm9vYg..");
}

BOOST_AUTO_TEST_CASE(every_byte_at_every_place)
{
    for (int c = 0; c < 256; ++c)
        for (std::size_t length = 1; length <= 4; ++length)
            for (std::size_t at = 0; at < length; ++at)
            {
                std::string plain(length, 'x');
                plain[at] = static_cast<char>(c);
                auto const decoded = oauth::base64url_decode(oauth::base64url_encode(plain));
                BOOST_TEST_REQUIRE(decoded.has_value());
                BOOST_TEST_REQUIRE(*decoded == plain);
            }
}

BOOST_AUTO_TEST_CASE(decodes_the_canonical_form_only)
{
    for (std::string_view text : {
             "A", "AAAAA",                             // impossible lengths
             "Zg==", "Zm8=", "=", "Zg=",               // padding
             "+/+/", "Zm9v+", "Zm/v",                  // base64's digits
             "Zm 9v", "Zm9v\n", "\nZm9v", "Zm\r\n9v",  // blanks
             "Zh", "Zm9", "Zm9vYh", "AB", "AAB",        // bits left over
             "Zm9v\xff", "Z\xc3\xa9v", "Zm.v", "Zm9v,",
         })
        BOOST_TEST(!oauth::base64url_decode(text).has_value(), text);
    BOOST_TEST(!oauth::base64url_decode("Zm9\0"sv).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
