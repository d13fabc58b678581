#include <oauth/response/challenge.hpp>
#include <oauth/response/claims_challenge.hpp>
#include <oauth/response/retry_after.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

void must(bool holds)
{
    if (!holds) std::abort();
}

} // namespace

// The same bytes as each of the header fields that are read.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string const text(reinterpret_cast<char const*>(data), size);
    oauth::http_fields const fields{{"WWW-Authenticate", text}, {"Retry-After", text}, {"Date", "Fri, 02 Jan 2026 03:04:05 GMT"}};
    auto const challenges = oauth::parse_challenges(fields);
    must(challenges.size() <= oauth::max_challenges);
    std::size_t kept = 0;
    for (auto const& one : challenges)
    {
        must(!one.scheme.empty() && one.parameters.size() <= oauth::max_challenge_parameters);
        must(oauth::find_challenge(challenges, one.scheme) != nullptr);
        kept += one.scheme.size() + one.token68.size();
        for (auto const& [name, value] : one.parameters)
        {
            must(!name.empty() && one.find(name).has_value());
            kept += name.size() + value.size();
        }
    }
    must(kept <= text.size());
    for (auto const& claims : {oauth::claims_challenge({401, fields, {}}), oauth::claims_challenge({401, {{"WWW-Authenticate", "Bearer error=insufficient_claims, claims=" + text}}, {}})})
    {
        must(!claims || claims->size() <= oauth::claims_request_limit);
        if (auto const merged = oauth::merge_claims_requests(text, claims.value_or("")); merged && claims)
            must(oauth::merge_claims_requests(*merged, *claims).value() == *merged);
    }
    if (auto const merged = oauth::merge_claims_requests(R"({"access_token":{"xms_cc":{"values":["cp1"]}}})", text))
        must(oauth::merge_claims_requests(*merged, text).value() == *merged && oauth::merge_claims_requests(*merged, {}).value() == *merged);
    auto const wait = oauth::retry_after(fields);
    must(!wait || (wait->count() >= 0 && wait->count() <= 86400));
    (void)oauth::retry_after({{"Retry-After", "Fri, 02 Jan 2026 03:04:05 GMT"}, {"Date", text}});
    return 0;
}
