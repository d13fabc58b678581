# How this repository builds its own programs: strict, with sanitizers on demand, and quick. Nothing of it reaches a user of oauth::oauth.
set(CMAKE_CXX_EXTENSIONS OFF)
add_library(oauth_development INTERFACE)
target_link_libraries(oauth_development INTERFACE oauth::oauth)
target_compile_options(oauth_development INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
if(OAUTH_SANITIZE)
    target_compile_options(oauth_development INTERFACE -fsanitize=${OAUTH_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(oauth_development INTERFACE -fsanitize=${OAUTH_SANITIZE})
endif()
