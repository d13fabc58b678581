#ifndef OAUTH_BENCHMARK_BASELINES_HPP
#define OAUTH_BENCHMARK_BASELINES_HPP

// What somebody would write by hand for just this job: no checks, no generality. The library is measured beside it.

#include <boost/json/basic_parser_impl.hpp>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace baseline {

// The inputs of the authorize URL and of the form.
inline constexpr std::string_view authorize_endpoint = "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/oauth2/v2.0/authorize";
inline constexpr std::string_view client_id = "6731de76-14a6-49ae-97bc-6eba6914391e";
inline constexpr std::string_view client_secret = "abc~Q8~d_secretWith.Special-chars+/=xyz1234";
inline constexpr std::string_view redirect_uri = "http://localhost:8400/callback";
inline constexpr std::string_view scope = "https://graph.microsoft.com/User.Read https://graph.microsoft.com/Mail.Read https://graph.microsoft.com/Mail.Send "
                                          "https://graph.microsoft.com/Calendars.Read https://graph.microsoft.com/Files.ReadWrite offline_access";
inline constexpr std::string_view state = "Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGx";
inline constexpr std::string_view challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
inline constexpr std::string_view nonce = "n-0S6_WzA2MjBXbHc3ZGF0YXNlY3JldG5vbmNlMTIzNDU";
inline constexpr std::string_view prompt = "select_account";
inline constexpr std::string_view login_hint = "alice@contoso.example.com";
inline std::string const code = "0.AXoA" + std::string(700, 'x') + ".Ag-_";
inline std::string const verifier(43, 'v');

inline constexpr std::array<bool, 256> unreserved = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0; c < 256; ++c)
        table[c] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
    return table;
}();

inline char* encode(char* out, std::string_view text)
{
    for (char c : text)
    {
        auto const byte = static_cast<unsigned char>(c);
        if (unreserved[byte]) *out++ = c;
        else
        {
            *out++ = '%';
            *out++ = "0123456789ABCDEF"[byte >> 4];
            *out++ = "0123456789ABCDEF"[byte & 15];
        }
    }
    return out;
}

inline char* raw(char* out, std::string_view text)
{
    std::memcpy(out, text.data(), text.size());
    return out + text.size();
}

/// The authorize URL, encoded by a table into a buffer on the stack.
inline std::string authorize_url()
{
    char text[4096];
    char* out = raw(text, authorize_endpoint);
    out = encode(raw(out, "?client_id="), client_id);
    out = encode(raw(out, "&response_type=code&redirect_uri="), redirect_uri);
    out = encode(raw(out, "&scope="), scope);
    out = encode(raw(out, "&state="), state);
    out = encode(raw(out, "&code_challenge="), challenge);
    out = encode(raw(out, "&code_challenge_method=S256&nonce="), nonce);
    out = encode(raw(out, "&prompt="), prompt);
    out = encode(raw(out, "&login_hint="), login_hint);
    return {text, static_cast<std::size_t>(out - text)};
}

/// The body of a code exchange, likewise.
inline std::string form_body()
{
    char text[8192];
    char* out = encode(raw(text, "grant_type=authorization_code&client_id="), client_id);
    out = encode(raw(out, "&client_secret="), client_secret);
    out = encode(raw(out, "&code="), code);
    out = encode(raw(out, "&redirect_uri="), redirect_uri);
    out = encode(raw(out, "&code_verifier="), verifier);
    out = encode(raw(out, "&scope="), scope);
    return {text, static_cast<std::size_t>(out - text)};
}

/// The answer, as far as a program that wants the eleven parameters needs it.
struct tokens
{
    std::string token_type, access_token, refresh_token, scope, id_token, resource, profile_info;
    std::int64_t expires_in = 0, ext_expires_in = 0, not_before = 0, expires_on = 0;
};

/// A bare handler of Boost.JSON's basic_parser that fills the struct: no limits, no check for duplicates, unknown members dropped.
struct handler
{
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1), max_array_size = max_object_size, max_key_size = max_object_size,
                                 max_string_size = max_object_size;
    using text = boost::json::string_view;
    using error = boost::system::error_code;

    tokens* out = nullptr;
    int field = -1;   // 0-6: a text, 7-10: a number
    int depth = 0;
    std::string key, number;

    static int find(std::string_view name)
    {
        switch (name.size())
        {
        case 5: return name == "scope" ? 3 : -1;
        case 8: return name == "id_token" ? 4 : name == "resource" ? 5 : -1;
        case 10: return name == "token_type" ? 0 : name == "expires_in" ? 7 : name == "not_before" ? 9 : name == "expires_on" ? 10 : -1;
        case 12: return name == "access_token" ? 1 : name == "profile_info" ? 6 : -1;
        case 13: return name == "refresh_token" ? 2 : -1;
        case 14: return name == "ext_expires_in" ? 8 : -1;
        default: return -1;
        }
    }

    std::string& text_field()
    {
        std::string* const fields[] = {&out->token_type, &out->access_token, &out->refresh_token, &out->scope, &out->id_token, &out->resource, &out->profile_info};
        return *fields[field];
    }

    void set(std::int64_t value)
    {
        std::int64_t* const fields[] = {&out->expires_in, &out->ext_expires_in, &out->not_before, &out->expires_on};
        if (field >= 7) *fields[field - 7] = value;
    }

    bool on_document_begin(error&) { return true; }
    bool on_document_end(error&) { return true; }
    bool on_object_begin(error&) { return ++depth, true; }
    bool on_object_end(std::size_t, error&) { return --depth, true; }
    bool on_array_begin(error&) { return ++depth, true; }
    bool on_array_end(std::size_t, error&) { return --depth, true; }
    bool on_key_part(text part, std::size_t, error&) { return key.append(part.data(), part.size()), true; }

    bool on_key(text part, std::size_t, error&)
    {
        if (depth != 1) return field = -1, true;
        if (key.empty()) return field = find({part.data(), part.size()}), true;
        key.append(part.data(), part.size());
        field = find(key);
        key.clear();
        return true;
    }

    bool on_string_part(text part, std::size_t, error&)
    {
        if (field >= 7) number.append(part.data(), part.size());
        else if (field >= 0) text_field().append(part.data(), part.size());
        return true;
    }

    bool on_string(text part, std::size_t whole, error&)
    {
        if (field >= 7)
        {
            number.append(part.data(), part.size());
            std::int64_t value = 0;
            std::from_chars(number.data(), number.data() + number.size(), value);
            set(value);
            number.clear();
        }
        else if (field >= 0 && whole == part.size()) text_field().assign(part.data(), part.size());
        else if (field >= 0) text_field().append(part.data(), part.size());
        return true;
    }

    bool on_number_part(text, error&) { return true; }
    bool on_int64(std::int64_t value, text, error&) { return set(value), true; }
    bool on_uint64(std::uint64_t value, text, error&) { return set(static_cast<std::int64_t>(value)), true; }
    bool on_double(double value, text, error&) { return set(static_cast<std::int64_t>(value)), true; }
    bool on_bool(bool, error&) { return true; }
    bool on_null(error&) { return true; }
    bool on_comment_part(text, error&) { return true; }
    bool on_comment(text, error&) { return true; }
};

inline tokens decode(std::string_view body)
{
    tokens out;
    boost::json::basic_parser<handler> parser{boost::json::parse_options()};
    parser.handler().out = &out;
    boost::system::error_code ec;
    parser.write_some(false, body.data(), body.size(), ec);
    return out;
}

inline char* base64url(unsigned char const* bytes, std::size_t size, char* out)
{
    constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::size_t i = 0;
    for (; i + 2 < size; i += 3)
    {
        unsigned const group = static_cast<unsigned>(bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2]);
        *out++ = digits[group >> 18];
        *out++ = digits[group >> 12 & 63];
        *out++ = digits[group >> 6 & 63];
        *out++ = digits[group & 63];
    }
    unsigned const rest = static_cast<unsigned>(bytes[i] << 10 | bytes[i + 1] << 2);   // of 32 bytes two are left
    *out++ = digits[rest >> 12];
    *out++ = digits[rest >> 6 & 63];
    *out++ = digits[rest & 63];
    return out;
}

/// State, nonce, verifier and its challenge: one call for the random bytes, a fetched digest, a context that is kept.
struct proof
{
    char state[43], nonce[43], verifier[43], challenge[43];
};

inline proof random_parts()
{
    static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    static EVP_MD_CTX* const context = EVP_MD_CTX_new();
    unsigned char random[96], digest[32];
    proof out;
    RAND_priv_bytes(random, sizeof random);
    base64url(random, 32, out.state);
    base64url(random + 32, 32, out.nonce);
    base64url(random + 64, 32, out.verifier);
    EVP_DigestInit_ex(context, sha256, nullptr);
    EVP_DigestUpdate(context, out.verifier, sizeof out.verifier);
    EVP_DigestFinal_ex(context, digest, nullptr);
    base64url(digest, 32, out.challenge);
    return out;
}

inline std::string from_base64url(std::string_view text)
{
    static constexpr std::array<signed char, 256> values = [] {
        std::array<signed char, 256> table{};
        constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (int i = 0; i < 64; ++i) table[static_cast<unsigned char>(digits[i])] = static_cast<signed char>(i);
        return table;
    }();
    std::string out;
    unsigned bits = 0;
    int count = 0;
    for (char c : text)
    {
        bits = bits << 6 | static_cast<unsigned>(values[static_cast<unsigned char>(c)]);
        if ((count += 6) < 8) continue;
        count -= 8;
        out += static_cast<char>(bits >> count & 0xff);
    }
    return out;
}

/// An RSA key of its two numbers, as OpenSSL's manual has it.
inline EVP_PKEY* rsa_key(std::string const& modulus, std::string const& exponent)
{
    BIGNUM* const n = BN_bin2bn(reinterpret_cast<unsigned char const*>(modulus.data()), static_cast<int>(modulus.size()), nullptr);
    BIGNUM* const e = BN_bin2bn(reinterpret_cast<unsigned char const*>(exponent.data()), static_cast<int>(exponent.size()), nullptr);
    OSSL_PARAM_BLD* const builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_BN(builder, "n", n);
    OSSL_PARAM_BLD_push_BN(builder, "e", e);
    OSSL_PARAM* const parameters = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX* const context = EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr);
    EVP_PKEY* key = nullptr;
    EVP_PKEY_fromdata_init(context);
    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    BN_free(n);
    BN_free(e);
    return key;
}

/// Is this the signature of the text, by RS256? Nothing is decoded, nothing looked at.
inline bool verify(EVP_PKEY* key, std::string_view text, std::string_view signature)
{
    EVP_MD_CTX* const context = EVP_MD_CTX_new();
    EVP_DigestVerifyInit_ex(context, nullptr, "SHA256", nullptr, nullptr, key, nullptr);
    bool const good = EVP_DigestVerify(context, reinterpret_cast<unsigned char const*>(signature.data()), signature.size(), reinterpret_cast<unsigned char const*>(text.data()), text.size()) == 1;
    EVP_MD_CTX_free(context);
    return good;
}

} // namespace baseline

#endif
