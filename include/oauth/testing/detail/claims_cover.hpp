#ifndef OAUTH_TESTING_DETAIL_CLAIMS_COVER_HPP
#define OAUTH_TESTING_DETAIL_CLAIMS_COVER_HPP

#include <oauth/core/claims_request.hpp>
#include <string_view>

namespace oauth::testing::detail {

/// Is this a claims request, or none at all?
inline bool is_claims_request(std::string_view text) { return merge_claims_requests(text, {}).has_value(); }

/// Does `asked` ask for all that `wanted` asks for, in the same words?
inline bool claims_cover(std::string_view asked, std::string_view wanted)
{
    auto const alone = merge_claims_requests(asked, {}), both = merge_claims_requests(asked, wanted);
    return alone.has_value() && both.has_value() && *alone == *both;
}

} // namespace oauth::testing::detail

#endif
