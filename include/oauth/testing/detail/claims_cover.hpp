#ifndef OAUTH_TESTING_DETAIL_CLAIMS_COVER_HPP
#define OAUTH_TESTING_DETAIL_CLAIMS_COVER_HPP

#include <oauth/core/claims_request.hpp>
#include <boost/json/object.hpp>
#include <string_view>

namespace oauth::testing::detail {

/// Is this a claims request, or none at all?
inline bool is_claims_request(std::string_view text) { return merge_claims_requests(text, {}).has_value(); }

/// Does a claims request ask for this claim in the ID token (OpenID Connect Core 5.5)?
inline bool asks_of_id_token(std::string_view text, std::string_view claim)
{
    auto const asked = oauth::detail::parse_claims_request(text);
    auto const* const of = asked.has_value() ? asked->if_contains("id_token") : nullptr;
    auto const* const members = of ? of->if_object() : nullptr;
    return members != nullptr && members->contains({claim.data(), claim.size()});
}

/// Does `asked` ask for all that `wanted` asks for, in the same words?
inline bool claims_cover(std::string_view asked, std::string_view wanted)
{
    auto const alone = merge_claims_requests(asked, {}), both = merge_claims_requests(asked, wanted);
    return alone.has_value() && both.has_value() && *alone == *both;
}

} // namespace oauth::testing::detail

#endif
