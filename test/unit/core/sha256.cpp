#include <oauth/core/sha256.hpp>
#include <boost/test/unit_test.hpp>
#include <array>
#include <string>
#include <thread>
#include <vector>

namespace {

std::string hex(std::array<std::byte, 32> const& digest)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (auto byte : digest) ((out += digits[std::to_integer<unsigned>(byte) >> 4]) += digits[std::to_integer<unsigned>(byte) & 15]);
    return out;
}

constexpr std::string_view digest_of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

} // namespace

BOOST_AUTO_TEST_SUITE(core_sha256)

// FIPS 180-2 B.1, B.2, B.3 and the digest of nothing
BOOST_AUTO_TEST_CASE(known_vectors)
{
    BOOST_TEST(hex(oauth::sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    BOOST_TEST(hex(oauth::sha256("abc")) == digest_of_abc);
    BOOST_TEST(hex(oauth::sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    BOOST_TEST(hex(oauth::sha256(std::string(1'000'000, 'a'))) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

BOOST_AUTO_TEST_CASE(one_call_does_not_touch_the_next)
{
    oauth::sha256("something else");
    BOOST_TEST(hex(oauth::sha256("abc")) == digest_of_abc);
    BOOST_TEST(hex(oauth::sha256("abc")) == digest_of_abc);
}

BOOST_AUTO_TEST_CASE(several_threads)
{
    std::array<std::string, 4> found;
    {
        std::vector<std::jthread> threads;
        for (auto& slot : found)
            threads.emplace_back([&slot] {
                for (int i = 0; i < 200; ++i) slot = hex(oauth::sha256("abc"));
            });
    }
    for (auto const& digest : found) BOOST_TEST(digest == digest_of_abc);
}

BOOST_AUTO_TEST_SUITE_END()
