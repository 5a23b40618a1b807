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

// The rest is found although the grammar does not know the macros.
LIB_REGISTER_ALL(Pool,
                 (@{@"a" : @(1)}),
                 integerValue)

@interface Lease : NSObject
@property (nonatomic, copy) NSString *name;
- (instancetype)init NS_UNAVAILABLE;
- (instancetype)initWithName:(NSString *)name
                         age:(NSInteger)age NS_DESIGNATED_INITIALIZER;
+ (NSArray<Lease *> *)all;
@end

@interface Lease ()
- (void)renewed;
@end

@implementation Lease

LIB_EXPORT_METHOD(open:(NSString *)url
                  done:(void (^)(NSError *))done)
{
    done(nil);
}

- (instancetype)initWithName:(NSString *)name
                         age:(NSInteger)age {
    int (^twice)(int) = ^(int n) { return n * 2; };
    return self;
}

- (void)renewed; {
}

- (void):(int)x :(int)y {
}

@end

NSString *describe(Lease *lease);
