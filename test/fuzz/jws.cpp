#include <oauth/jose/jwk_set.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/jose/sign_jws.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/err.h>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace oauth;

void must(bool holds)
{
    if (!holds) std::abort();
}

constexpr jws_algorithms any{jws_algorithm::rs256, jws_algorithm::rs384, jws_algorithm::rs512, jws_algorithm::ps256, jws_algorithm::ps384, jws_algorithm::ps512, jws_algorithm::es256,
                             jws_algorithm::es384, jws_algorithm::es512, jws_algorithm::eddsa, jws_algorithm::hs256, jws_algorithm::hs384, jws_algorithm::hs512};

/// Of each kind one; whoever fuzzes knows none of the private halves.
std::vector<jwk> const& keys()
{
    static auto const all = [] {
        std::vector<jwk> made;
        for (auto const algorithm : {jws_algorithm::rs256, jws_algorithm::es256, jws_algorithm::es384, jws_algorithm::es512, jws_algorithm::eddsa, jws_algorithm::hs512})
            made.push_back(private_key::generate(algorithm).value().public_key());
        return made;
    }();
    return all;
}

void as_token(std::string_view text)
{
    auto const parsed = parse_jws_with_embedded_key(text);
    auto const strict = parse_jws(text);
    must(parsed.has_value() || strict.has_error());
    must(verify_jwt(text, jwk_set(keys()), any).has_error());
    if (parsed.has_error())
    {
        must(bool(parsed.error().code) && parsed.error().server.empty());
        describe(parsed.error());
        return;
    }
    // There is one way to write each part.
    must(text.starts_with(parsed->signing_input()) && text.substr(parsed->signing_input().size() + 1) == base64url_encode(parsed->signature()));
    must(parsed->signing_input().ends_with("." + base64url_encode(parsed->payload())));
    for (auto const& key : keys()) must(verify(*parsed, key, any).has_error());
    if (strict.has_value()) must(decode_unverified_jwt(text).has_value() || decode_unverified_jwt(text).error().code == error_code(errc::malformed_claims));
    if (auto const* const embedded = parsed->header().members.if_contains("jwk"))
        if (auto const* const members = embedded->if_object()) (void)jwk::parse(*members);
}

void as_key(std::string_view text)
{
    auto const key = jwk::parse(text);
    if (key.has_error()) must(bool(key.error().code));
    else
    {
        // What can be read is written as the same key, which permits no more.
        auto const again = jwk::parse(boost::json::serialize(key->json()));
        must(again.has_value() && again->thumbprint() == key->thumbprint() && again->key_id() == key->key_id() && again->issuer() == key->issuer());
        for (int i = 0; i < 13; ++i) must(again->permits(static_cast<jws_algorithm>(i)) == key->permits(static_cast<jws_algorithm>(i)));
        for (auto const& member : key->json()) must(member.key() != "d" && member.key() != "k" && member.key() != "p");
    }
    auto const set = jwk_set::parse(text, 1 << 16);
    if (set.has_value()) must(set->keys().size() + set->unusable().size() <= jwk_set::max_keys);
    else must(bool(set.error().code));
}

void as_private_key(std::string_view text)
{
    secret const passphrase("x");
    for (auto const& key : {private_key::from_jwk(secret(text)), private_key::from_pem(text, passphrase), private_key::from_pkcs12(text, passphrase)})
    {
        if (key.has_error())
        {
            must(bool(key.error().code));
            continue;
        }
        for (int i = 0; i < 13; ++i)
            if (auto const algorithm = static_cast<jws_algorithm>(i); key->permits(algorithm))
            {
                auto const made = sign_jws({}, "text", *key, algorithm);
                must(made.has_value() && verify(parse_jws(made->reveal()).value(), key->public_key(), any).has_value() == key->public_key().permits(algorithm));
            }
    }
}

} // namespace

// The first byte chooses what the rest is taken for.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size == 0) return 0;
    std::string_view const text(reinterpret_cast<char const*>(data) + 1, size - 1);
    switch (data[0] & 3)
    {
    case 0: as_key(text); break;
    case 1: as_private_key(text); break;
    default: as_token(text); break;
    }
    must(ERR_peek_error() == 0);
    return 0;
}
