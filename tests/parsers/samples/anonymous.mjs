// A module whose one export has no name.
export default (request) => {
  const reply = () => request;
  return reply();
};
