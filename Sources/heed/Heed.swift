@main enum Heed { static func main() {} }
