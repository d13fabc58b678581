#ifndef OAUTH_TEST_SUPPORT_JOSE_HPP
#define OAUTH_TEST_SUPPORT_JOSE_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/private_key.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include "fixture.hpp"
#include "printing.hpp"
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace test_support {

/// An example of an RFC: see test/fixtures/jose.
struct signed_example
{
    std::string source;
    oauth::jws_algorithm algorithm;
    bool reproducible;
    std::string key;
    std::string compact;

    oauth::private_key private_key() const { return oauth::private_key::from_jwk(oauth::secret(key)).value(); }
};

inline std::vector<signed_example> const& signed_examples()
{
    static auto const all = [] {
        std::vector<signed_example> read;
        auto const file = json_fixture("jose/signed.json");
        for (auto const& each : file.as_array())
            read.push_back({text_at(each, "source"), oauth::to_jws_algorithm(text_at(each, "algorithm")).value(), each.at("reproducible").as_bool(),
                            boost::json::serialize(each.at("key")), text_at(each, "compact")});
        return read;
    }();
    return all;
}

inline signed_example const& example(std::string_view source)
{
    for (auto const& each : signed_examples())
        if (each.source == source) return each;
    throw std::runtime_error("no such example: " + std::string(source));
}

/// A token of these parts, whatever they are.
inline std::string token(std::string_view header, std::string_view payload, std::string_view signature = "x")
{
    return oauth::base64url_encode(header) + '.' + oauth::base64url_encode(payload) + '.' + oauth::base64url_encode(signature);
}

/// What it failed with; `errc()` where it did not, or with something that is not ours.
template <class T>
oauth::errc code_of(oauth::result<T> const& made)
{
    return made.has_error() && made.error().code.category() == oauth::oauth_category() ? static_cast<oauth::errc>(made.error().code.value()) : oauth::errc();
}

} // namespace test_support

#endif
