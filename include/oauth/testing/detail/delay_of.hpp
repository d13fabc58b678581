#ifndef OAUTH_TESTING_DETAIL_DELAY_OF_HPP
#define OAUTH_TESTING_DETAIL_DELAY_OF_HPP

#include <oauth/core/http_message.hpp>
#include <oauth/testing/memory_server.hpp>
#include <algorithm>
#include <charconv>
#include <chrono>

namespace oauth::testing::detail {

/// How late an answer says it is, by @ref delay_field; not at all where it says nothing that can be read.
inline std::chrono::milliseconds delay_of(http_response const& answer) noexcept
{
    auto const text = find_field(answer.fields, delay_field);
    std::chrono::milliseconds::rep value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return std::chrono::milliseconds(std::max<std::chrono::milliseconds::rep>(value, 0));
}

} // namespace oauth::testing::detail

#endif
