// A pool of connections: the sample for Objective-C.
#import <Foundation/Foundation.h>

#define TWICE(n) ((n) * 2)

@protocol Closeable <NSObject>
- (void)close;
@end

@interface Pool : NSObject <Closeable>
@property (nonatomic) int size;
- (instancetype)initWithSize:(int)size;
@end

@implementation Pool

/** Makes a pool. */
- (instancetype)initWithSize:(int)size {
    self = [super init];
    return self;
}

// Gets one,
// or waits.
- (id)objectForKey:(NSString *)key orWaitFor:(double)seconds {
    return nil;
}

+ (Pool *)shared { return nil; }

- (void)close {
}

static int helper(int n) { return n + 1; }
@end

@implementation Pool (Statistics)
- (int)total { return 0; }
@end

int main(int argc, char **argv) {
    return TWICE(1);
}
