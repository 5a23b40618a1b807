"""C, C++ and Objective-C as libclang reads them; the oracles of these languages are beside this package."""
